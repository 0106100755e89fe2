"""What a step of a lesson shows of Compare."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backend.jobs.messages import SharedPayload
from backend.lessons import Step
from backend.rooms.parts import Part
from components import diagram
from components.compare import models
from components.investigations.panel import Panel
from components.investigations.parts import claim_jobs, of_claims, sources

#: The claims that measure what a panel shows, for a room.
_CLAIMS = {"diagram": "fully_connected", "graph": "fully_connected", "summary": "parameters",
           "parameters": "parameters"}  # fmt: skip


class ComparePanel(Panel):
    """The diagram, and what both sides show: source, layer graph, summary and parameters."""

    title = "Compare"

    def room_payloads(self, step: Step) -> Sequence[SharedPayload]:
        return claim_jobs(_claims_of(step), step.experiment)

    def draw(self, name: str, step: Step) -> None:
        if name == "diagram":
            diagram.show(step.experiment, key="learn.diagram")
        elif name == "code":
            models.sources(step.experiment)
        else:
            models.show(step.experiment, view=name)

    def question(self, step: Step, wall: bool = False) -> list[Part]:
        return sources(step.experiment, wall) if "code" in step.block.show else []

    def parts(self, step: Step, results: Sequence[Any], explained: bool, wall: bool) -> list[Part]:
        return of_claims(_claims_of(step), step.experiment, results, explained)


def _claims_of(step: Step) -> list[str]:
    return list(dict.fromkeys(_CLAIMS[name] for name in step.block.show if name in _CLAIMS))
