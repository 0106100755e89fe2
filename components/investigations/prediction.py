"""What a visitor predicted, beside what was measured."""

from __future__ import annotations

from backend.claims.base import NO, YES
from backend.investigations.base import Verdict, mark


def marked(found: Verdict, prediction: str | None, by: str = "measured") -> str:
    """Whether the prediction is right, and the answer, in Streamlit's Markdown. `by` says what gave the answer."""
    answer = f"{by[0].upper()}{by[1:]}: “{found.answer}”."
    none = "The measurement gives no answer"
    if prediction is None:
        return answer if found.answer is not None else f"{none}."
    outcome = mark(found, prediction)
    if outcome == "right":
        return f":green[**{YES} Right:** you predicted “{prediction}”.]"
    if outcome == "wrong":
        return f":red[**{NO} Not right:** you predicted “{prediction}”.] {answer}"
    return f"You predicted “{prediction}”. {none}, so it does not count."
