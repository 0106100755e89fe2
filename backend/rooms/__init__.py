"""Rooms: a class predicts together, and the runs of its participants form one experiment. `Rooms` is the interface.

`machine.py` has the phases, `store.py` the database, `training.py` the seeds, `class_result.py` the verdict.
"""

from backend.rooms.machine import Action, State
from backend.rooms.model import (
    Answer,
    Conflict,
    Participant,
    Paused,
    Room,
    RoomRefused,
    RoomUnavailable,
    RoomView,
    Slowed,
)
from backend.rooms.rooms import OpenedRoom, Rooms

__all__ = [
    "Action",
    "Answer",
    "Conflict",
    "OpenedRoom",
    "Participant",
    "Paused",
    "Room",
    "RoomRefused",
    "RoomUnavailable",
    "RoomView",
    "Rooms",
    "Slowed",
    "State",
]  # fmt: skip
