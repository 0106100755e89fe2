"""The training run on this page: which job it is, what it trains, how far it has come."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from backend.experiment import Experiment
from backend.jobs import JobView
from backend.run import Epoch, Run, epochs_of
from components import state
from components.watch import Watch

RUNS = Watch("train")
_BEFORE = "train.before"


@dataclass(frozen=True)
class Watched:
    """A training job at one moment, with the experiment it was given."""

    experiment: Experiment
    view: JobView

    @property
    def running(self) -> bool:
        """Whether more is to come."""
        return not self.view.ended

    @property
    def run(self) -> Run | None:
        """What came of it, once it has finished."""
        return self.view.result if self.view.state == "finished" else None

    @property
    def epochs(self) -> list[Epoch]:
        """The epochs so far."""
        return self.run.epochs if self.run else epochs_of(self.view.events)

    @property
    def epochs_in_all(self) -> int:
        """The epochs there will be, of all seeds."""
        return self.experiment.training.epochs * self.experiment.training.seeds


def watched() -> Watched | None:
    """The run started on this page, or after a refresh the visitor's latest."""
    job = RUNS.job()
    if job is None:
        return None
    return Watched(Experiment.model_validate(job.payload["experiment"]), job.view())


def start() -> None:
    """Callback: train the visitor's experiment; the run shown so far becomes the earlier one."""
    now = watched()
    if now is not None and now.epochs:
        st.session_state[_BEFORE] = now
    RUNS.start({"experiment": state.experiment().model_dump(mode="json")})


def earlier() -> Watched | None:
    """The run before this one, until it is cleared."""
    before: Watched | None = st.session_state.get(_BEFORE)
    return before


def clear_earlier() -> None:
    """Callback: forget the earlier run."""
    state.touch()
    st.session_state.pop(_BEFORE, None)
