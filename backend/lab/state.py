"""What the compass shows, and its texts in a link: `angle=120&ratio=3&methods=mean,upgrad&third=true`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from backend.experiment.url import Fields
from backend.lab.compass import DEFAULT_METHODS
from backend.lab.situation import Situation
from two_heads.weightings import AGGREGATORS

if TYPE_CHECKING:
    Method = str
else:
    Method = Literal[tuple(AGGREGATORS)]


class LabState(Situation):
    """A situation, the keys of the methods, and whether all steps have one length."""

    methods: Annotated[tuple[Method, ...], Field(min_length=1, max_length=len(AGGREGATORS))] = DEFAULT_METHODS
    same_length: bool = False

    @classmethod
    def of(cls, situation: Situation, methods: tuple[str, ...] = DEFAULT_METHODS) -> LabState:
        """The state that shows this situation."""
        return cls(**dict(situation), methods=methods)


#: The state as texts, by key.
FIELDS = Fields(LabState, {name: name for name in LabState.model_fields})
