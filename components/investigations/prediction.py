"""A visitor's prediction, marked by the measurement."""

from __future__ import annotations

from backend.claims.base import NO, YES
from backend.investigations.base import Verdict, mark


def mark_sentence(verdict: Verdict, prediction: str | None, by: str = "measured") -> str:
    """Whether the prediction is right, and the answer, in Streamlit's Markdown. `by` says what gave the answer."""
    answer = f"{by[0].upper()}{by[1:]}: “{verdict.answer}”."
    none = "The measurement gives no answer"
    if prediction is None:
        return answer if verdict.answer is not None else f"{none}."
    outcome = mark(verdict, prediction)
    if outcome == "right":
        return f":green[**{YES} Right:** you predicted “{prediction}”.]"
    if outcome == "wrong":
        return f":red[**{NO} Not right:** you predicted “{prediction}”.] {answer}"
    return f"You predicted “{prediction}”. {none}, so it does not count."
