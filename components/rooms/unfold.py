"""What the host can show more of on the board: a mistake's script, and Compare's diagram with its box pulled apart."""

from __future__ import annotations

from typing import Any

from backend.lessons import Step
from backend.rooms.machine import STAGES, State
from components.diagram.network import picture
from components.learn.mistake import mistake_of


def has_more(step: Step, now: State) -> bool:
    """Whether the board can show more now, or shows it already."""
    if mistake_of(step) is not None and now.phase in ("ask", "frozen", "discuss", "explain"):
        return True
    # Pulled apart, the box gives away that both networks are the same: it comes with the verdict.
    return now.phase == "reveal" and now.stage == STAGES and diagram(step, apart=False) is not None


def diagram(step: Step, *, apart: bool) -> dict[str, Any] | None:
    """The diagram of the style with one box for all heads, whole or apart; None if the step has no such diagram."""
    if step.block.page != "compare" or "diagram" not in step.block.show:
        return None
    drawn = picture(step.experiment.architecture, *step.experiment.styles())
    if drawn.morph.side is None:
        return None
    alt = drawn.morph.after if apart else drawn.morph.before
    return {"picture": drawn.model_dump(), "apart": apart, "alt": alt}
