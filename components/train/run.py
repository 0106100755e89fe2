"""The training run on this page: which run it is, what it trains, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import streamlit as st

from backend.experiment import Experiment
from backend.experiment.differences import differences
from backend.jobs import JobView
from backend.services import services
from backend.training import recorded
from backend.training.job import epochs_of
from backend.training.live import snapshots_of
from backend.training.result import Epoch, Run, Snapshot
from backend.training.runs import KIND, TrainingRun
from backend.training.started import InterruptedJobs
from components.browser.announcement import await_end
from components.charts.figure import Keyed
from components.live import interrupted, refusal
from components.session import state
from components.session.visitor import visitor

_CURRENT, _EARLIER = "train.run", "train.before"
#: The place of the answer, which a screen reader reads when the run ends (`announcement.announce_end`).
ANSWER = "train.answer"
#: Where a run comes from: a worker of this server trained it, or it was recorded outside the app.
Source = Literal["trained", "recorded"]


@dataclass(frozen=True)
class RunView:
    """A training run at one moment, with its experiment."""

    experiment: Experiment
    view: JobView
    known_since: float | None = None  # when it was trained, if that was before the visitor requested it
    source: Source = "trained"

    @property
    def running(self) -> bool:
        """Whether the run has not ended."""
        return not self.view.ended

    @property
    def run(self) -> Run | None:
        """The result with the visitor's own labels; None until the run has finished, and after eviction."""
        if self.view.state != "finished" or self.view.stored_result is None:
            return None
        run: Run = self.view.result
        return run.model_copy(update={"experiment": self.experiment})

    @property
    def name(self) -> str:
        """The id of the training; equal for all visitors who share it."""
        return self.view.id

    @property
    def keyed_epochs(self) -> Keyed:
        """The epochs so far, keyed by the training and their number."""
        epochs = self.epochs
        return Keyed((self.name, len(epochs)), epochs)

    @property
    def epochs(self) -> list[Epoch]:
        """The epochs so far."""
        return epochs_of(self.view.events) if self.view.stored_result is None else self.view.result.epochs

    @property
    def snapshots(self) -> list[Snapshot]:
        """The weights by epoch: all that a finished run keeps, or those that an unfinished one has sent so far."""
        if self.view.state == "finished":
            return self.run.snapshots if self.run else []
        return snapshots_of(self.view.events)

    @property
    def state(self) -> tuple[object, ...]:
        """Which run it is, how it stands, and whether it has epochs: what other parts of the page show of it."""
        return self.name, self.view.state, bool(self.epochs)

    @property
    def epochs_in_all(self) -> int:
        """The epochs of the whole run, over all seeds."""
        return self.experiment.training.epochs * self.experiment.training.seeds


@dataclass(frozen=True)
class ShownRun:
    """The run that the page shows, and how its settings differ from the visitor's.

    `differences` is empty if the run is that of the visitor's settings. `awaited` says that the visitor's run of these
    settings has no epochs yet. Until it has, the page shows an older run, faintly.
    """

    run: RunView
    differences: tuple[str, ...] = ()
    awaited: bool = False

    @property
    def foreign(self) -> bool:
        """Whether the run is the recorded one with the nearest settings, because there is no other run to show."""
        return self.run.source == "recorded" and bool(self.differences)

    @property
    def ended(self) -> bool:
        """Whether this is the result of the visitor's settings."""
        return not (self.differences or self.awaited or self.run.running)

    @property
    def faint(self) -> bool:
        """Whether the curves are not those that the visitor wants to see."""
        return bool(self.differences) or self.awaited


def shown_run(experiment: Experiment, *, others: bool = True) -> ShownRun:
    """What the page shows for these settings; there is always something.

    The visitor's own run, if it is of these settings or is running; else the recorded run of these settings; else the
    visitor's last run; else the nearest recorded run. A run without epochs has nothing to show. Without `others`, a run
    of the visitor's with other settings is never shown.
    """
    now, known = current_run() if others else own_run(experiment), recorded.recorded_run(experiment)
    awaited = now is not None and now.running and not now.epochs and _has_experiment(now, experiment)
    return replace(_run_to_show(experiment, now, known, others=others), awaited=awaited)


def _run_to_show(
    experiment: Experiment, now: RunView | None, known: recorded.RecordedRun | None, *, others: bool
) -> ShownRun:
    if now is not None and now.epochs and (now.running or known is None or _has_experiment(now, experiment)):
        return ShownRun(now, tuple(differences(now.experiment, experiment)))
    if known is not None:
        return ShownRun(_recorded_view(known, experiment))
    before = earlier()
    if others and before is not None and before.epochs:
        return ShownRun(before, tuple(differences(before.experiment, experiment)))
    near = recorded.nearest(experiment)
    return ShownRun(_recorded_view(near, near.experiment), tuple(differences(near.experiment, experiment)))


def _has_experiment(run: RunView, experiment: Experiment) -> bool:
    return run.experiment.key() == experiment.key()


def _recorded_view(known: recorded.RecordedRun, experiment: Experiment) -> RunView:
    view = ended_view(f"recorded-{experiment.key()}", known.recorded_at, known.run)
    return RunView(experiment, view, source="recorded")


def ended_view(id: str, at: float, run: Run) -> JobView:
    """A stored run as if a job had ended with it."""
    return JobView(id, "", KIND, at, state="finished", stored_result=run, finished_at=at)


def current_run() -> RunView | None:
    """The run started on this page, or after a refresh the visitor's latest run; with the visitor's labels."""
    run = _training_run()
    if run is None:
        return None
    now = state.experiment()
    return RunView(now if now.key() == run.experiment.key() else run.experiment, run.view(), run.known_since)


def own_run(experiment: Experiment) -> RunView | None:
    """The visitor's run, if it is of exactly these settings."""
    now = current_run()
    return now if now is not None and _has_experiment(now, experiment) else None


def interrupted_run() -> InterruptedJobs | None:
    """The visitor's last run, if a server restart interrupted it and the page has no run."""
    return None if _training_run() else interrupted.find(KIND)


def repeat() -> None:
    """Callback: train again with the settings of the run on the page, or of the run that a restart interrupted."""
    before = _training_run() or interrupted.find(KIND)
    if before is not None:
        start_with(before.experiment)


def pending() -> JobView | None:
    """The run as it stands, unless it has ended."""
    now = current_run()
    return now.view if now is not None and now.running else None


def training() -> JobView | None:
    """The run as it stands, if a worker is training it."""
    view = pending()
    return view if view is not None and view.state == "running" else None


def start(again: bool = False) -> None:
    """Callback: train the visitor's experiment. The run shown so far becomes the earlier run.

    A stored run of the same experiment is replayed, unless `again` is true.
    """
    _start(state.experiment(), again)


def start_with(experiment: Experiment) -> None:
    """Callback: make the experiment the visitor's, and train it."""
    _start(experiment)


def _start(experiment: Experiment, again: bool = False) -> None:
    shown = shown_run(state.experiment())
    before = shown.run if shown.ended else current_run()
    state.replace(experiment)
    _show(services().runs.train(experiment, visitor(), again), before)


def start_aside(experiment: Experiment | None = None, again: bool = False) -> str:
    """Train an experiment, by default the visitor's, although they did not press Train; returns the id of the run.

    It is neither saved nor followed on other pages. A stored run is replayed, unless `again` is true.
    """
    before = current_run()
    run = services().runs.train_aside(experiment or state.experiment(), visitor(), again)
    _show(run, before)
    return run.job.id


def _show(run: TrainingRun, before: RunView | None) -> None:
    """Show this run on the page, unless it was refused. The one `before` becomes the earlier run."""
    if refusal.said_if_refused(run.job):
        return
    if before is not None and before.epochs:
        trained = before.source == "trained"  # the curves of a recorded run are in its result, which is always kept
        view = replace(before.view, stored_result=None) if trained else before.view
        st.session_state[_EARLIER] = replace(before, view=view)
    st.session_state[_CURRENT] = run
    await_end(ANSWER, run.job.id)


def cancel() -> None:
    """Callback: cancel the visitor's own run."""
    run = _training_run()
    if run is not None:
        services().runs.cancel(run, visitor())


def earlier() -> RunView | None:
    """The run before the current one."""
    before: RunView | None = st.session_state.get(_EARLIER)
    return before


def comparable_run(now: RunView) -> RunView | None:
    """The earlier run, if its losses can be compared with those of `now`: other settings, and the same tasks."""
    before = earlier()
    if before is None or _has_experiment(before, now.experiment) or _tasks(before) != _tasks(now):
        return None
    return before


def _tasks(run: RunView) -> list[tuple[str, str, int]]:
    return [(head.task, head.loss, head.units) for head in run.experiment.architecture.heads]


def _training_run() -> TrainingRun | None:
    """The run of this page. A run that another tab starts does not replace it.

    There are two exceptions: the visitor's latest run becomes the run of this page if the page has none, or if the
    latest run has the page's settings and the page's run has others.
    """
    run: TrainingRun | None = st.session_state.get(_CURRENT)
    latest = services().runs.latest(visitor())
    if latest is None or (run is not None and run.job.id == latest.job.id):
        return run
    if run is None or run.experiment.key() != latest.experiment.key() == state.experiment().key():
        st.session_state[_CURRENT] = run = latest
    return run
