"""One claim: a question with its picture, and after the visitor's prediction the answer with its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from backend.experiment import Experiment
from backend.experiment.url import write_query
from backend.jobs import JobView
from backend.questions.base import mark
from backend.questions.claims import Claim, ClaimVerdict
from backend.questions.claims.base import badge, judged
from backend.questions.claims.job import ClaimJob
from backend.questions.pictures import Table
from backend.questions.speed.job import SpeedJob
from backend.questions.speed.sweep import sweep_with
from components import code_panel
from components.investigations import picture
from components.investigations.page_job import PageJob
from components.investigations.prediction import mark_sentence, marked, shared
from components.investigations.tables import table
from components.layout import page, share_card
from components.live.job_status import waiting_sentence
from components.session import state

State = Literal["untested", "running", "answered", "undecided", "not applicable"]
_HELP = "Choose what you expect. Then Two Heads judges the claim on your settings, and marks your prediction if it can."
_PICTURES = Path(__file__).parent / "pictures"


@dataclass(frozen=True)
class Card:
    """What a card shows: the visitor's prediction, and the verdict if it may be shown.

    Without a verdict, `view` is the job of a measurement that the visitor awaits (`measures`), or whose result they
    want to see (`is_revealed`).
    """

    claim: Claim[Any]
    prediction: str | None = None
    verdict: ClaimVerdict | None = None
    view: JobView | None = None
    measures: bool = False
    is_revealed: bool = False

    @property
    def answer(self) -> str:
        """The answer to the claim's question, if it may be shown; else empty."""
        return badge(self.claim, self.verdict) if self.verdict else ""

    @property
    def state(self) -> State:
        """The state of the claim. It is answered if the answer is yes or no."""
        if self.verdict is None:
            return "running" if self.measures else "untested"
        if self.answer == "not applicable":
            return "not applicable"
        return "answered" if self.answer.partition(",")[0] in ("yes", "no") else "undecided"


def page_job(claim: Claim[Any], job: ClaimJob | None = None) -> PageJob:
    """The claim on the page: its `job`, or the job for the visitor's current settings, which callbacks need."""
    return PageJob(
        lambda: job or ClaimJob.of(claim, state.experiment()), f"claims.{claim.key}", asks_prediction=True,
        part=claim.key,
    )  # fmt: skip


def show(card: Card, experiment: Experiment, *, alone: bool = False) -> None:
    """Draw the card. A card that stands `alone` has no number, and its question and finding are open."""
    claim, verdict, number = card.claim, card.verdict, "" if alone else f"{card.claim.number}. "
    with st.container(border=True, key=f"claim.{claim.key}", gap="xsmall", height="content" if alone else "stretch"):
        st.header(f"{number}{claim.title}", anchor=claim.key)
        if verdict is None:
            _question(card, experiment, alone)
            return
        # Green and red, ✓ and ✗ are for the prediction: the answer may be no and the prediction right.
        _answer(card.answer, found=verdict.kind != "not applicable")
        finding = verdict.finding_after_badge if alone or verdict.answer is None else ""
        if said := "  \n".join(filter(None, [finding, _mark(card)])):
            st.markdown(said)
        if verdict.kind == "not applicable":
            return
        if verdict.picture is not None:
            picture.show(verdict.picture, f"claim.{claim.key}.chart")
        _why(card, experiment, verdict)


def _answer(words: str, *, found: bool) -> None:
    """Draw the answer; in grey what stands in its place if none was found."""
    look = "claim-answer" if found else "claim-answer waits"
    text = escape(words[:1].upper() + words[1:], quote=False)
    st.markdown(f'<p class="{look}">{text}</p>', unsafe_allow_html=True)


@cache
def drawing(key: str) -> str:
    """The drawing of a claim, as SVG in one line. It asks the question below it, and does not tell the answer."""
    text = (_PICTURES / f"{key}.svg").read_text(encoding="utf-8")
    svg = "".join(line.strip() for line in text.splitlines())
    return svg.replace("<svg ", '<svg class="claim-drawing" aria-hidden="true" ', 1)


def _question(card: Card, experiment: Experiment, alone: bool) -> None:
    """Ask for a prediction. After it, say how far the measurement is, or why it ended without a result."""
    claim, job, view = card.claim, page_job(card.claim), card.view
    now = "Not measured yet"
    if card.is_revealed and view is not None:
        now = view.message if view.ended else waiting_sentence(view) if view.state == "queued" else "Measuring …"
    _answer(now, found=False)
    st.markdown(drawing(claim.key), unsafe_allow_html=True)
    if not card.is_revealed:
        with st.container() if alone else st.expander("Predict", type="compact", key=f"claim.{claim.key}.ask"):
            job.ask(_HELP, measures=is_measured_here(claim))
        return
    if card.prediction is not None:
        st.markdown(f"You predicted “{card.prediction}”.")
    if claim.page:
        _link_to_speed(experiment, "Measure it on Speed")
    elif not card.measures:
        st.button("Measure", key=f"claim.{claim.key}.measure", on_click=job.start,
                  help="Measure this claim on your settings.")  # fmt: skip


def is_measured_here(claim: Claim[Any]) -> bool:
    """Whether a worker measures the claim for its card."""
    return claim.measured and not claim.page


def on_speed(experiment: Experiment) -> SpeedJob:
    """What Speed measures if the visitor comes from claim 10: their number of heads is among the usual ones."""
    return SpeedJob.on(experiment, sweep_with(len(experiment.architecture.heads)))


def _link_to_speed(experiment: Experiment, label: str) -> None:
    query = {**write_query(experiment), **on_speed(experiment).options}
    st.page_link("speed.py", label=label, icon=":material/timer:", query_params=query)


def spoken_verdict(card: Card) -> str:
    """The verdict of a card for a screen reader, in Markdown; empty if there is none."""
    return f"Claim {card.claim.number}, {card.answer}: {card.verdict.finding} {_mark(card)}" if card.verdict else ""


def _mark(card: Card) -> str:
    """The mark of the prediction; empty without one. The answer is beside it."""
    if card.verdict is None or card.prediction is None:
        return ""
    outcome = mark(card.verdict, card.prediction)
    return (
        mark_sentence(card.verdict, card.prediction)
        if outcome == "not marked"
        else marked(card.prediction, outcome == "right")
    )


def choices_key(claim: Claim[Any]) -> str:
    """The session key of a claim's choices."""
    return f"claim.{claim.key}.choices"


def _why(card: Card, experiment: Experiment, verdict: ClaimVerdict) -> None:
    """The finding with its source and explanation, all figures and the code, drawn when the visitor opens them."""
    claim = card.claim
    details = st.expander("Why?", key=f"claim.{claim.key}.details", type="compact", on_change="rerun")
    if not details.open:
        return
    with details:
        if claim.choices:
            st.pills(
                "What do you need?", list(claim.choices), key=choices_key(claim), selection_mode="multi",
                format_func=lambda choice: claim.choices[choice], wrap=True,
                persist_state="session", help="The advice and its reasons follow what you choose.",
            )  # fmt: skip
        st.markdown(f"**{verdict.finding}**")
        st.markdown(judged(claim, verdict))
        st.markdown(verdict.why)
        if claim.page:
            _link_to_speed(experiment, "Other numbers of heads, on Speed")
        if verdict.table and verdict.picture != Table(verdict.table):
            st.table(table(verdict.table))
        st.markdown("**Check it yourself in Keras**")
        code_panel.show("The check in Keras", verdict.code or claim.code(experiment), key=f"claims.code.{claim.key}")
        share_card.show(
            share_card.Card(
                place=f"Claims · {page.in_short(experiment.architecture)}",
                title=claim.title,
                finding=f"{card.answer[:1].upper()}{card.answer[1:]}. {verdict.finding}",
                picture=verdict.picture,
                prediction=shared(verdict, card.prediction),
            ),
            key=f"claim.{claim.key}",
        )
