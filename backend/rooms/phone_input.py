"""What phones send to a room."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.rooms.model import Pace


class Sent(BaseModel):
    """An answer as a phone sends it."""

    model_config = ConfigDict(strict=True, extra="forbid")

    step: int
    round: int
    asked: int
    option: int
    number: float | None = Field(None, allow_inf_nan=False)
    sure: Literal["", "guessing", "fairly sure", "certain"] = ""


class Choice(BaseModel):
    """What a participant chooses for themselves, as a phone sends it."""

    model_config = ConfigDict(strict=True, extra="forbid")

    name: str | None = Field(None, max_length=200)
    pace: Pace | None = None


class Wanted(BaseModel):
    """Which room a phone wants to join: its code, and the invitation or the participant's token of a link."""

    model_config = ConfigDict(strict=True, extra="forbid")

    code: str = Field(max_length=80)
    invite: str = Field("", max_length=80)
    me: str = Field("", max_length=80)
