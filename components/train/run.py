"""The training run on this page: which one it is, what it trains, how far it has come."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from backend.experiment import Experiment
from backend.jobs import JobView
from backend.services import services
from backend.training.result import Epoch, Run, epochs_of
from backend.training.runs import KIND, TrainingRun
from backend.training.store import InterruptedRun
from components.charts.figure import Keyed
from components.live import interrupted
from components.live.visitor_job import refused
from components.session import state
from components.session.visitor import visitor

_WATCHED, _BEFORE = "train.run", "train.before"


@dataclass(frozen=True)
class Watched:
    """A training run at one moment, with the experiment it was given."""

    experiment: Experiment
    view: JobView
    known_since: float | None = None  # when it had been trained, if before it was asked for

    @property
    def running(self) -> bool:
        """Whether more is to come."""
        return not self.view.ended

    @property
    def run(self) -> Run | None:
        """What came of it, once it has finished and while it is kept; under the visitor's own labels."""
        if self.view.state != "finished" or self.view.kept is None:
            return None
        run: Run = self.view.result
        return run.model_copy(update={"experiment": self.experiment})

    @property
    def name(self) -> str:
        """The training's own name: equal for all who watch it."""
        return self.view.id

    @property
    def course(self) -> Keyed:
        """The epochs so far, under the name of the training and their number."""
        epochs = self.epochs
        return Keyed((self.name, len(epochs)), epochs)

    @property
    def epochs(self) -> list[Epoch]:
        """The epochs so far."""
        return epochs_of(self.view.events) if self.view.kept is None else self.view.result.epochs

    @property
    def epochs_in_all(self) -> int:
        """The epochs there will be, of all seeds."""
        return self.experiment.training.epochs * self.experiment.training.seeds


def watched() -> Watched | None:
    """The run started on this page, or after a refresh the visitor's latest."""
    asked = _asked()
    return Watched(asked.experiment, asked.view(), asked.known_since) if asked else None


def lost() -> InterruptedRun | None:
    """The visitor's last run, where it was started on an earlier server and none is on the page."""
    return None if _asked() else interrupted.lost(KIND)


def repeat() -> None:
    """Callback: take the settings of the run on the page, or of the one of an earlier server, and train them."""
    before = _asked() or interrupted.lost(KIND)
    if before is not None:
        state.replace(before.experiment)
        start()


def pending() -> JobView | None:
    """The run as it stands, unless it has ended."""
    now = watched()
    return now.view if now is not None and now.running else None


def training() -> JobView | None:
    """The run as it stands, if it is being trained."""
    view = pending()
    return view if view is not None and view.state == "running" else None


def start(again: bool = False) -> None:
    """Callback: train the visitor's experiment; the run shown so far becomes the earlier one.

    What somebody has trained already is shown again, unless it is to be trained `again`.
    """
    state.touch()
    now = watched()
    asked = services().runs.train(state.experiment(), visitor(), again)
    if refused(asked.job):
        return
    if now is not None and now.epochs:
        st.session_state[_BEFORE] = replace(now, view=replace(now.view, kept=None))  # its curves are shown, no more
    st.session_state[_WATCHED] = asked


def cancel() -> None:
    """Callback: stop the visitor's own run."""
    state.touch()
    asked = _asked()
    if asked is not None:
        st.session_state[_WATCHED] = asked
        services().runs.cancel(asked, visitor())


def earlier() -> Watched | None:
    """The run before this one, until it is cleared."""
    before: Watched | None = st.session_state.get(_BEFORE)
    return before


def clear_earlier() -> None:
    """Callback: forget the earlier run."""
    state.touch()
    st.session_state.pop(_BEFORE, None)


def _asked() -> TrainingRun | None:
    return st.session_state.get(_WATCHED) or services().runs.latest(visitor())
