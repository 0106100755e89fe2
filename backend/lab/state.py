"""What the compass shows, and its texts in a link: `angle=120&ratio=3&methods=mean,upgrad&third=true`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field

from backend.experiment.frozen import Frozen
from backend.experiment.url import Fields
from backend.lab.compass import DEFAULT_METHODS
from backend.lab.situation import LARGEST_RATIO, Situation
from two_heads.weightings import AGGREGATORS

if TYPE_CHECKING:
    Method = str
else:
    Method = Literal[tuple(AGGREGATORS)]


def _short(value: float) -> float:
    """A number that a link writes with at most seven digits and twelve decimals."""
    return float(f"{round(value, 12):.7g}")


Angle = Annotated[float, Field(ge=0, le=180), AfterValidator(_short)]
Ratio = Annotated[float, Field(ge=1 / LARGEST_RATIO, le=LARGEST_RATIO), AfterValidator(_short)]


class LabState(Frozen):
    """A situation (`Situation`), the keys of the methods, and whether all steps have one length."""

    angle: Angle = Situation.angle
    ratio: Ratio = Situation.ratio
    third: bool = Situation.third
    angle_ac: Angle = Situation.angle_ac
    angle_bc: Angle = Situation.angle_bc
    ratio_c: Ratio = Situation.ratio_c
    methods: Annotated[tuple[Method, ...], Field(min_length=1, max_length=len(AGGREGATORS))] = DEFAULT_METHODS
    same_length: bool = False

    @classmethod
    def of(cls, situation: Situation, methods: tuple[str, ...] = DEFAULT_METHODS) -> LabState:
        """The state that shows this situation."""
        return cls(**vars(situation), methods=methods)

    @property
    def situation(self) -> Situation:
        """The gradients."""
        return Situation(**self.model_dump(exclude={"methods", "same_length"}))


#: The state as texts, by key.
FIELDS = Fields(LabState, {name: name for name in LabState.model_fields})
