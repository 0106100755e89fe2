"""All claims: the visitor predicts first, then sees the verdict with its evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from backend.experiment import Experiment
from backend.jobs import JobView
from backend.questions.base import mark
from backend.questions.claims import CLAIMS, Claim
from backend.questions.claims.advisor import Needs
from backend.questions.claims.job import FAMILY, ClaimJob
from backend.questions.claims.report import report
from backend.questions.speed.result import SweepResult, recorded_of
from backend.services import services
from backend.words import counted, days
from components.claims import card
from components.claims.card import Card
from components.live import interrupted
from components.live.polling import first_unfinished, poll_while
from components.session import state
from components.session.visitor import visitor


def show(experiment: Experiment) -> None:
    """Draw the board as a fragment that polls while something is measured."""

    def draw() -> None:
        cards = [_card(claim, experiment) for claim in CLAIMS.values()]
        if interrupted_run := interrupted.find(ClaimJob.kind):
            interrupted.show(interrupted_run, _repeat)
        _head(cards, experiment)
        with st.container(key="claims.board"), st.grid(2, min_column_width=380):
            for each in cards:
                card.show(each, experiment)
        for each in cards:
            if each.prediction is not None:
                page_job = card.page_job(each.claim)
                page_job.announce(page_job.view(), partial(card.spoken_verdict, each))

    poll_while(draw, lambda: _pending(_applicable_jobs(experiment)))


def show_one(claim: Claim[Any], experiment: Experiment) -> None:
    """Draw one claim by itself, as a fragment that polls while it is measured."""

    def draw() -> None:
        with st.container(key="claims.alone"):
            card.show(_card(claim, experiment), experiment, alone=True)

    poll_while(draw, lambda: _pending([ClaimJob.of(claim, experiment)]))


def _pending(claim_jobs: Iterable[ClaimJob]) -> JobView | None:
    """The first measurement that has not ended, of those whose verdict is revealed to the visitor."""
    jobs = [card.page_job(each.definition, each) for each in claim_jobs if card.is_measured_here(each.definition)]
    return first_unfinished(each.job() for each in jobs if each.is_shown())


def show_note(experiment: Experiment) -> None:
    """Say that the claims are about Keras's own total loss, if the experiment combines the losses differently."""
    if method := experiment.method():
        st.caption(
            ":material/info: The thread is about Keras's own total loss. So the claims use the sum, not "
            f"{method.title}."
        )


def _head(cards: Sequence[Card], experiment: Experiment) -> None:
    tested = [each for each in cards if each.verdict and each.verdict.kind != "not applicable"]
    pending = sum(each.state == "running" for each in cards)
    verdicts = {each.claim.key: each.verdict for each in cards if each.verdict}
    predictions = {each.claim.key: each.prediction for each in cards if each.prediction}
    with st.container(horizontal=True, vertical_alignment="center", key="claims.head"):
        st.button(
            "Test all", type="primary", icon=":material/science:", on_click=_test_all, disabled=bool(pending),
            help="Measure every claim that your settings allow, and show all verdicts, also without a prediction.",
        )  # fmt: skip
        st.button(
            "Cancel", icon=":material/stop:", on_click=_cancel, disabled=not pending,
            help="Stop your measurements. They continue if another visitor waits for them.",
        )  # fmt: skip
        st.download_button(
            "Report", lambda: report(experiment, verdicts, predictions),
            file_name=f"two-heads-{experiment.key()}.md", mime="text/markdown",
            icon=":material/download:", on_click="ignore", disabled=not tested,
            help="Download all verdicts shown here as Markdown, with your predictions, the figures and the code.",
        )  # fmt: skip
        st.button(
            "Clear my predictions", icon=":material/ink_eraser:", type="tertiary", on_click=_clear,
            disabled=not services().predictions.has_any(FAMILY, visitor()),
            help="Delete your predictions on all settings and hide the verdicts. The server keeps the latest "
            f"predictions for {days(services().config.runs_days)}. If you change a setting that a claim "
            "depends on, the claim asks again.",
        )  # fmt: skip
    # A screen reader reads it when it changes.
    st.markdown(f'<div role="status">{counts(cards)}</div>', unsafe_allow_html=True)


def counts(cards: Iterable[Card]) -> str:
    """How far the visitor is: "3 of 6 tested, 1 undecided · 1 pending · 2 of 3 predictions right"."""
    states = Counter(each.state for each in cards)
    left, open_ones, pending = states["not applicable"], states["undecided"], states["running"]
    marks = Counter(mark(each.verdict, each.prediction) for each in cards if each.verdict and each.prediction)
    marked = marks["right"] + marks["wrong"]
    parts = [
        f"{states['answered'] + open_ones} of {states.total() - left} tested"
        + (f", {open_ones} undecided" if open_ones else ""),
        f"{left} not applicable" if left else "",
        f"{pending} pending" if pending else "",
        f"{marks['right']} of {counted(marked, 'prediction')} right" if marked else "",
    ]
    return " · ".join(filter(None, parts))


def _test_all() -> None:
    claim_jobs = _applicable_jobs(state.experiment())
    services().predictions.reveal(claim_jobs, visitor())
    _measure(claim_jobs)


def _measure(claim_jobs: Iterable[ClaimJob]) -> None:
    for each in claim_jobs:
        if card.is_measured_here(each.definition):
            card.page_job(each.definition, each).measure()


def _repeat() -> None:
    """Request again the claims that an earlier server lost. Verdicts that were hidden stay hidden."""
    if interrupted_run := interrupted.find(ClaimJob.kind):
        state.replace(interrupted_run.experiment)
        _measure(each for each in _applicable_jobs(state.experiment()) if each.question in interrupted_run.parts)


def _cancel() -> None:
    interrupted.forget(ClaimJob.kind)
    for claim_job in _applicable_jobs(state.experiment()):
        services().shared.release(claim_job, visitor())


def _clear() -> None:
    _cancel()
    services().predictions.clear(FAMILY, visitor())


def _applicable_jobs(experiment: Experiment) -> list[ClaimJob]:
    claim_jobs = [ClaimJob.of(claim, experiment) for claim in CLAIMS.values()]
    return [each for each in claim_jobs if not each.refusal()]


def _timed(experiment: Experiment) -> SweepResult | None:
    """What Speed shows for these settings: the visitor's measurement, or the recorded one; None if it has neither."""
    job = card.on_speed(experiment)
    result: SweepResult | None = services().shared.result(job, visitor())
    return result or recorded_of(job.settings)


def _card(claim: Claim[Any], experiment: Experiment) -> Card:
    """The card of the claim: its verdict if the visitor may see it, else its question, with the state of its job."""
    claim_job = ClaimJob.of(claim, experiment)
    page_job = card.page_job(claim, claim_job)
    if claim_job.refusal():
        return Card(claim, verdict=claim.judge(experiment, None))
    if not page_job.is_shown():
        return Card(claim)
    prediction = page_job.prediction()
    if claim.page:
        timed = _timed(experiment)
        return Card(claim, prediction, claim.judge(claim_job.settings, timed) if timed else None, is_revealed=True)
    if not claim.measured:
        needs = Needs(chosen=st.session_state.get(card.choices_key(claim), []))
        return Card(claim, prediction, claim.judge(claim_job.settings, needs))
    view = page_job.view()
    if view is not None and view.state == "finished":
        return Card(claim, prediction, claim.judge(claim_job.settings, view.result))
    return Card(claim, prediction, None, view, services().shared.awaits(claim_job, visitor()), is_revealed=True)
