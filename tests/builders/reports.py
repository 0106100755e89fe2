"""Reports of a room, and the class that they are about."""

from __future__ import annotations

from backend.rooms.class_result import SeedRun
from backend.rooms.parts import Part
from backend.rooms.people import Choice
from backend.rooms.phone import Panels
from backend.rooms.report import build
from backend.rooms.training import StepRuns

PANELS = Panels(lambda *step: ([], False), lambda *step: ([Part(("42",))], False), lambda step: {})
VISITORS = [f"visitor-{n}" for n in range(8)]
NAMES = [f"Person {n} Smith" for n in range(8)]


class Trained:
    """The runs of a class that are ready: participant n ends at 2 + n / 1000."""

    def __init__(self, *numbers):
        runs = {n: SeedRun(n, 4_000_000 + n, (1, 2), (1.0, 2 + n / 1000), (2 + n / 1000,)) for n in numbers}
        self.runs = StepRuns(tuple(numbers), runs, frozenset(), 1)

    def of_step(self, view, position):
        return self.runs if position == 0 else StepRuns((), {}, frozenset())


def taught(room):
    """A class that answered the first question twice, where the last participant was removed."""
    everybody = room.join(*VISITORS)
    room.act("names", "begin")
    for who, name in zip(everybody, NAMES, strict=True):
        room.rooms.people.choose(room.id, who, Choice(name=name))
        room.answer(who, who.number % 3, sure="certain")
    room.rooms.host.set_removed(room.id, [8])
    room.act("freeze", "discuss", "ask_again")
    for who in everybody[:6]:
        room.answer(who, 1, round=2)
    room.act("freeze", "reveal", "more", "more")
    return room


def reported(room):
    return build(room.view, Trained(*range(1, 9)), PANELS, 1000.0)
