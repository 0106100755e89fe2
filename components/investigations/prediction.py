"""A visitor's prediction, marked by the measurement."""

from __future__ import annotations

from backend.questions.base import Verdict, mark
from backend.questions.claims.base import NO, YES
from components.layout.share_card import Prediction


def mark_sentence(verdict: Verdict, prediction: str | None) -> str:
    """Whether the prediction is right, and the answer, in Streamlit's Markdown."""
    answer = f"Measured: “{verdict.answer}”."
    none = "The measurement gives no answer"
    if prediction is None:
        return answer if verdict.answer is not None else f"{none}."
    outcome = mark(verdict, prediction)
    if outcome != "not marked":
        return marked(prediction, outcome == "right", answer)
    return f"You predicted “{prediction}”. {none}, so it does not count."


def marked(prediction: str, right: bool, answer: str = "") -> str:
    """Whether the prediction is right, and if it is not, the `answer`, in Streamlit's Markdown."""
    if right:
        return f":green[**{YES} Right:** you predicted “{prediction}”.]"
    return f":red[**{NO} Not right:** you predicted “{prediction}”.] {answer}".rstrip()


def shared(verdict: Verdict, prediction: str | None) -> Prediction | None:
    """The prediction for a card that the visitor shares; None if they have made none."""
    if prediction is None:
        return None
    outcome = mark(verdict, prediction)
    return Prediction(f"I predicted “{prediction}”.", None if outcome == "not marked" else outcome == "right")
