"""One claim: its question, the visitor's prediction, then the answer with one picture. The rest on request."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import streamlit as st

from backend.experiment import Experiment
from backend.jobs import JobView
from backend.questions.claims import Claim, ClaimVerdict
from backend.questions.claims.base import badge, judged
from backend.questions.claims.job import ClaimJob, prediction_key
from backend.questions.pictures import Table
from components import code_panel
from components.investigations import picture
from components.investigations.page_job import PageJob
from components.investigations.prediction import mark_sentence, shared
from components.investigations.tables import table
from components.layout import page, share_card
from components.live.job_status import waiting_sentence
from components.session import controls, state
from components.text import spoken

State = Literal["untested", "running", "answered", "undecided", "not applicable"]
_HELP = "Choose what you expect. Then Two Heads judges the claim on your settings, and marks your prediction if it can."


@dataclass(frozen=True)
class Card:
    """What a card shows: the visitor's prediction, the verdict if it may be shown, else the job of the measurement.

    `measures` says whether the visitor awaits it, and `is_revealed` whether they predicted or want to see it.
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
    return PageJob(lambda: job or ClaimJob.of(claim, state.experiment()), asks_prediction=True, part=claim.key)


def show(card: Card, experiment: Experiment, *, alone: bool = False) -> None:
    """Draw the card. A card that stands `alone` has no number."""
    claim, verdict = card.claim, card.verdict
    number = "" if alone else f"{claim.number}. "
    with st.container(border=True, key=f"claim.{claim.key}", gap="xsmall"):
        if verdict is None:
            text, aside = st.columns(2, gap="medium")
        elif verdict.picture is not None:
            text, aside = st.columns([6, 5], gap="medium")
        else:
            text = aside = st.container(gap="xsmall")
        with text, st.container(gap="xsmall"):
            st.header(f"{number}{claim.title}", anchor=claim.key)
            if verdict is not None:
                _show_verdict(card, verdict)
            if verdict is None:
                st.caption(_source_before(claim))
            elif verdict.kind == "not applicable":
                st.caption(judged(claim, verdict))
        with aside, st.container(gap="xsmall"):
            if verdict is None:
                _question(card, experiment)
            else:
                _picture(claim, verdict)
        if verdict and verdict.kind != "not applicable":
            _details(claim, experiment, verdict)
            _share(card, experiment, verdict)


def show_verdict(claim: Claim[Any], experiment: Experiment, verdict: ClaimVerdict) -> None:
    """Draw a claim with its verdict, picture and details by themselves, without a prediction."""
    with st.container(border=True, key=f"claim.{claim.key}", gap="xsmall"):
        st.markdown(f"**{claim.title}**")
        _show_verdict(Card(claim, verdict=verdict), verdict)
        if verdict.kind != "not applicable":
            _picture(claim, verdict)
            _details(claim, experiment, verdict)


def _question(card: Card, experiment: Experiment) -> None:
    claim, job = card.claim, page_job(card.claim)
    key = f"claim.{claim.key}.{prediction_key(claim, experiment)}"
    widget = controls.button_group_state(key, card.prediction, partial(job.record, measures=claim.measured))
    st.pills(spoken(claim.question), claim.options, wrap=True, help=_HELP, **widget)
    if line := _status_line(card):
        st.caption(f":material/hourglass_top: {line}")
    if card.is_revealed and not card.measures:
        st.button("Measure", key=f"claim.{claim.key}.measure", on_click=job.start,
                  help="Measure this claim on your settings.")  # fmt: skip


def _status_line(card: Card) -> str:
    """The state of the measurement, or why it ended without a result."""
    view = card.view
    if view is None or view.ended:
        return view.message if view is not None and view.state != "finished" else ""
    if view.cancelling:
        return "Cancelling …"
    if not card.measures:
        return "Another visitor has requested this measurement."
    return waiting_sentence(view) if view.state == "queued" else "Measuring …"


def spoken_verdict(card: Card) -> str:
    """The verdict of a card for a screen reader, in Markdown; empty if there is none."""
    return f"Claim {card.claim.number}, {card.answer}: {card.verdict.finding} {_mark(card)}" if card.verdict else ""


def _show_verdict(card: Card, verdict: ClaimVerdict) -> None:
    # Green and red, ✓ and ✗ are for the prediction: the answer may be no and the prediction right.
    st.markdown(f":gray-badge[**{card.answer}**] {verdict.finding_after_badge}  \n{_mark(card)}")


def _mark(card: Card) -> str:
    """The mark of the prediction, with where the answer comes from; empty without one."""
    if card.verdict is None or card.prediction is None:
        return ""
    return mark_sentence(card.verdict, card.prediction, "measured" if card.claim.measured else "our advice")


def _picture(claim: Claim[Any], verdict: ClaimVerdict) -> None:
    if verdict.picture is not None:
        picture.show(verdict.picture, f"claim.{claim.key}.chart", f"Claim {claim.number}")


def _share(card: Card, experiment: Experiment, verdict: ClaimVerdict) -> None:
    """The button that makes a picture of the verdict."""
    claim = card.claim
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


def choices_key(claim: Claim[Any]) -> str:
    """The session key of a claim's choices."""
    return f"claim.{claim.key}.choices"


def _details(claim: Claim[Any], experiment: Experiment, verdict: ClaimVerdict) -> None:
    """The explanation, all figures and the code, drawn when the visitor opens them."""
    whose = "Not in the thread" if claim.source == "Two Heads" else f"From {claim.source}"
    label = f"{whose} · {'advice for your needs' if claim.choices else 'explanation and code'}"
    details = st.expander(label, key=f"claim.{claim.key}.details", type="compact", on_change="rerun")
    if not details.open:
        return
    with details:
        st.markdown(judged(claim, verdict))
        if claim.choices:
            st.pills(
                "What do you need?", list(claim.choices), key=choices_key(claim), selection_mode="multi",
                format_func=lambda choice: claim.choices[choice], wrap=True,
                persist_state="session", help="The advice and its reasons follow what you choose.",
            )  # fmt: skip
            st.markdown(f"**{verdict.finding}**")
        st.markdown(verdict.why)
        if verdict.table and verdict.picture != Table(verdict.table):
            st.table(table(verdict.table))
        st.markdown("**Check it yourself in Keras**")
        code_panel.show("The check in Keras", verdict.code or claim.code(experiment), key=f"claims.code.{claim.key}")


def _source_before(claim: Claim[Any]) -> str:
    """Where the claim comes from, which does not tell the answer."""
    if claim.source == "Two Heads":
        return "Nobody in the thread mentions this."
    return f"In the thread, {claim.source} makes a claim about this. You see it after your prediction."
