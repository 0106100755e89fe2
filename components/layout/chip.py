"""The chip in the strip of every page: what the visitor has running, how far it is, and where its result is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from backend.activity import SPEED, Activity, activities, cancel, dismiss
from backend.claims import CLAIMS
from backend.claims.evidence import KIND as CLAIM
from backend.claims.job import ClaimJob
from backend.experiment import Experiment
from backend.experiment.url import Query, write_query
from backend.jobs import JobView
from backend.lab.answers import KIND as QUESTION
from backend.lab.gradients_job import KIND as GRADIENTS
from backend.lab.job import QuestionJob
from backend.lab.questions import QUESTIONS
from backend.lab.questions import url as question_url
from backend.lab.questions.base import EXPERIMENT
from backend.services import services
from backend.topologies import TOPOLOGIES
from backend.topologies.jobs import KIND as TOPOLOGY
from backend.training.runs import KIND as TRAIN
from components import browser
from components.live.polling import poll_while
from components.session import page_options, state
from components.session.visitor import visitor

#: The path of the page that has the result of each kind.
PAGE = {
    TRAIN: "train",
    SPEED: "speed",
    TOPOLOGY: "topologies",
    CLAIM: "claims",
    GRADIENTS: "lab",
    QUESTION: "lab",
}
#: Seconds between two polls: the page of the result has a status of its own, which is polled more often.
_POLL = 2.0
_ANNOUNCED = "chip.announced"


def show(pages: Mapping[str, Any], here: str) -> None:
    """Draw the chip as a fragment that polls while something is unfinished.

    `pages` are all pages by their path, and `here` is the path of the current one.
    """

    def draw() -> None:
        found = []
        for activity in activities(visitor()):
            _announce(activity)
            if activity.unfinished is None and _is_shown(activity, here):
                dismiss(activity, visitor())
            else:
                found.append(activity)
        with _place(found):
            for activity in found:
                _chip(activity, pages)
        if announced := st.session_state.get(_ANNOUNCED):
            browser.mount("announce", {"id": announced[0], "text": announced[1]}, key="chip.announce")

    poll_while(draw, _unfinished, at_least=_POLL)


def _place(found: Sequence[Activity]) -> DeltaGenerator:
    """Where the chips stand: in the strip, or in a menu where several would cover the navigation."""
    if len(found) < 2:
        return st.container(horizontal=True, vertical_alignment="center", gap="small", width="content")
    running = sum(activity.unfinished is not None for activity in found)
    return st.popover(f"{running} running" if running else f"{len(found)} finished", key="frame.chips")


def text(activity: Activity) -> str:
    """What the chip says."""
    if activity.unfinished is None:
        return f"{activity.title} {'finished' if activity.finished else 'stopped'}: look"
    if waiting := activity.waiting:
        return f"{activity.title} · place {waiting.position or 1:,} in the queue"
    left = activity.seconds_left
    return f"{activity.title} {activity.share:.0%}".replace("%", " %") + (f" · {_short(left)} left" if left else "")


def target(activity: Activity, experiment: Experiment) -> Query | None:
    """The query of a link to the result; None where the page shows it with the visitor's own settings."""
    if job := activity.topology:
        sequences = experiment.sequences.model_copy(update={"relatedness": job.relatedness})
        wanted = experiment.model_copy(update={"sequences": sequences})
        return write_query(wanted if TOPOLOGIES[job.topology].has_relatedness else experiment) | {
            "topology": [job.topology]
        }
    if asked := activity.question:
        wanted = experiment if _has_this_network(asked, experiment) else getattr(asked.settings, EXPERIMENT)
        return write_query(wanted) | {key: [text] for key, text in _texts(asked).items()}
    mine = activity.experiment
    if activity.kind == GRADIENTS and mine is not None and mine.key() != experiment.key():
        return write_query(mine)
    if activity.kind != CLAIM or mine is None or _is_evidence(activity, experiment):
        return None
    return write_query(mine)


def _chip(activity: Activity, pages: Mapping[str, Any]) -> None:
    ended, key = activity.unfinished is None, f"{activity.kind}.{activity.id[:8]}"

    def stop() -> None:
        state.touch()
        (dismiss if ended else cancel)(activity, visitor())

    name = f"frame.chip.{'ended' if ended else 'running'}.{key}"
    with st.container(key=name, horizontal=True, vertical_alignment="center", gap=None, width="content"):
        query = target(activity, state.experiment())
        st.page_link(pages[PAGE[activity.kind]], label=text(activity), query_params=query)
        what = f"{'Dismiss' if ended else 'Cancel'}: {activity.title}"
        st.button(what, icon=":material/close:", type="tertiary", key=f"chip.stop.{key}", on_click=stop)


def _is_shown(activity: Activity, here: str) -> bool:
    """Whether the current page shows the result."""
    if PAGE[activity.kind] != here:
        return False
    if job := activity.topology:
        same = state.experiment().sequences.relatedness == job.relatedness
        dialled = TOPOLOGIES[job.topology].has_relatedness
        return page_options.chosen("topology") == job.topology and (same or not dialled)
    if activity.kind == GRADIENTS and activity.experiment is not None:
        return activity.experiment.key() == state.experiment().key()
    if asked := activity.question:
        chosen = all(page_options.chosen(key) == text for key, text in _texts(asked).items())
        return chosen and _has_this_network(asked, state.experiment())
    return activity.kind != CLAIM or _is_evidence(activity, state.experiment())


def _texts(job: QuestionJob) -> dict[str, str]:
    """The page options of the question with its settings."""
    return {question_url.OPEN: job.question, **question_url.write(QUESTIONS[job.question], job.settings)}


def _has_this_network(job: QuestionJob, experiment: Experiment) -> bool:
    """Whether a visitor with this experiment would measure the same; also where no visitor's network takes part."""
    return job.settings.on(experiment) == job.settings


def _is_evidence(activity: Activity, experiment: Experiment) -> bool:
    """Whether the claims that were tested have the same evidence on `experiment`."""
    find = services().evidence.find
    tested = [(job, job.payload) for job in activity.jobs]
    return all(
        isinstance(payload, ClaimJob) and find(CLAIMS[payload.claim], experiment, visitor()) is job
        for job, payload in tested
    )


def _announce(activity: Activity) -> None:
    """Keep the sentence that a screen reader reads: at the start and at the end, not at every poll."""
    ended = activity.unfinished is None
    verb = "started" if not ended else "finished" if activity.finished else "stopped"
    st.session_state[_ANNOUNCED] = f"{activity.id} {verb}", f"{activity.title} {verb}."


def _unfinished() -> JobView | None:
    return next((view for each in activities(visitor()) if (view := each.unfinished)), None)


def _short(seconds: float) -> str:
    """A duration that is only estimated, in few characters."""
    return f"{max(seconds, 1):.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
