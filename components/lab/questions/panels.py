"""What the page shows of each question: one module for each. A new question is a new module and one line here."""

from __future__ import annotations

from typing import Any, Protocol

from backend.questions.lab import Question
from components.lab.questions import beat, conflict, scale, share, trade_offs, unstuck


class Panel(Protocol):
    """The module of a question on the page. Settings and evidence have the question's own types."""

    def summary(self, settings: Any) -> str:
        """The settings in a line."""

    def show_settings(self, question: Question[Any, Any], settings: Any) -> None:
        """Draw the widgets of the settings."""

    def show(self, evidence: Any, moment: float) -> None:
        """Draw the pictures of evidence that was recorded at `moment`, in seconds since the epoch."""


#: Every question's module by its key.
PANELS: dict[str, Panel] = {
    "scale": scale,
    "conflict": conflict,
    "unstuck": unstuck,
    "trade_offs": trade_offs,
    "beat": beat,
    "share": share,
}
