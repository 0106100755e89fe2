"""What the page shows of each question: one file each. A new one is a new file and one line here."""

from __future__ import annotations

from typing import Any, Protocol

from backend.lab.questions import Question
from components.lab.questions import beat, conflict, scale, share, trade_offs, unstuck


class Panel(Protocol):
    """The file of a question on the page. Settings and evidence are of the question's own types."""

    def summary(self, settings: Any) -> str:
        """The settings in a line."""

    def show_settings(self, question: Question[Any, Any], settings: Any) -> None:
        """Draw the widgets of the settings."""

    def show(self, evidence: Any, moment: float) -> None:
        """Draw the pictures of evidence that was recorded at `moment`, in seconds since the epoch."""


#: Every question's file by its key.
PANELS: dict[str, Panel] = {
    "scale": scale,
    "conflict": conflict,
    "unstuck": unstuck,
    "trade_offs": trade_offs,
    "beat": beat,
    "share": share,
}
