"""Trains the seeds of a room while people think. A room waits for all visitors: it uses workers that are idle.

The runs are saved like those of visitors, so they outlive this server, and another one can show them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from threading import Lock

from backend.experiment import Experiment
from backend.jobs.manager import JobManager
from backend.lessons.lesson import Step
from backend.lessons.parser import attempt
from backend.rooms.class_result import SeedRun
from backend.rooms.model import Room, RoomView, run_owner
from backend.training.runs import TrainingRun, TrainingRuns
from backend.training.saved_runs import SavedRuns

#: How often a training is tried.
_TRIES = 2
#: The number of the run that a step with `run: shared` has.
SHARED = 0
#: The seeds of participants are below this.
_LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True)
class StepRuns:
    """The runs of a step at one moment, by number: of participants from 1, the shared one 0.

    The run that option i says to try has the number -1 - i. `needed` has the numbers of all runs that the step shows,
    `failures` of those whose training has failed, as far as this server knows.
    """

    needed: tuple[int, ...]
    done: Mapping[int, SeedRun]
    failures: frozenset[int]

    @property
    def missing(self) -> frozenset[int]:
        """The runs that are not ready, without those that options say to try."""
        return frozenset(number for number in self.needed if number >= SHARED and number not in self.done)

    @property
    def failed(self) -> frozenset[int]:
        """Those of the missing runs whose training has failed."""
        return self.missing & self.failures

    @property
    def awaited(self) -> frozenset[int]:
        """The runs that may still come, with those that options say to try."""
        return frozenset(self.needed) - self.done.keys() - self.failures


@dataclass(frozen=True)
class _WantedRun:
    """A run of a room's step: that of a participant, the shared one, or what an option says to try."""

    room: str
    position: int
    number: int
    step: Step
    experiment: Experiment

    @property
    def key(self) -> tuple[str, int, int]:
        """The key that identifies the run."""
        return self.room, self.position, self.number


class SeedTraining:
    """The runs of the rooms' steps. Safe from any thread."""

    def __init__(self, jobs: JobManager, runs: TrainingRuns, saved: SavedRuns, workers: int) -> None:
        self._jobs, self._runs, self._saved, self._workers = jobs, runs, saved, workers
        self._lock = Lock()
        self._done: defaultdict[tuple[str, int], dict[int, SeedRun]] = defaultdict(dict)
        self._running: dict[tuple[str, int, int], tuple[_WantedRun, TrainingRun]] = {}
        self._failed: defaultdict[tuple[str, int, int], int] = defaultdict(int)
        self._looked_up: set[tuple[str, int, int]] = set()

    def of_step(self, view: RoomView, position: int | None = None) -> StepRuns:
        """The runs of a step (None: the current one) as they are now."""
        at = view.room.state.step if position is None else position
        needed = tuple(run_numbers(view, at))
        with self._lock:
            done = dict(sorted(self._done.get((view.room.id, at), {}).items()))
            failures = (n for n in needed if self._failed.get((view.room.id, at, n), 0) >= _TRIES)
            return StepRuns(needed, done, frozenset(failures) - done.keys())

    def feed(self, view: RoomView, owner: bool) -> bool:
        """Collect the runs that are ready, and give idle workers the next runs of the current step. True if any is new.

        Only the server that is the room's `owner` trains. Others read what it saved.
        """
        new = self._collect()
        state = view.room.state
        if state.phase == "lobby" or state.closed:
            return new
        wanted = self._missing_runs(view)
        unread = [each for each in wanted if not owner or each.key not in self._looked_up]
        new |= self._look_up(unread)
        if owner:
            for each in self._missing_runs(view):
                if self._failed[each.key] < _TRIES and not self._start(each):
                    break
        return new

    def restore(self, view: RoomView, position: int) -> None:
        """Read the saved runs of an earlier step, for a server that has not seen it."""
        if not self.of_step(view, position).done:
            self._look_up(_wanted_runs(view, position, run_numbers(view, position)))

    def forget(self, room: str) -> None:
        """Free the runs of a room that was deleted or that nobody looks at, and cancel its trainings."""
        with self._lock:
            gone = [self._running.pop(key) for key in [key for key in self._running if key[0] == room]]
            self._looked_up = {key for key in self._looked_up if key[0] != room}
            for key in [key for key in self._done if key[0] == room]:
                del self._done[key]
            for failed in [key for key in self._failed if key[0] == room]:
                del self._failed[failed]
        for wanted, run in gone:
            self._runs.cancel(run, run_owner(room, wanted.number))

    def _missing_runs(self, view: RoomView) -> list[_WantedRun]:
        position = view.room.state.step
        with self._lock:
            room, done = view.room.id, self._done.get((view.room.id, position), {})
            unknown = [
                number
                for number in run_numbers(view, position)
                if number not in done and (room, position, number) not in self._running
            ]
        return _wanted_runs(view, position, unknown)

    def _look_up(self, wanted: Collection[_WantedRun]) -> bool:
        """Read those of the runs that were saved, by this server or another. True if there are any."""
        if not wanted:
            return False
        saved = self._saved.find_all([each.experiment for each in wanted])
        if saved is None:
            return False  # the database cannot be read now
        with self._lock:
            self._looked_up |= {each.key for each in wanted}
        for each in wanted:
            if (run := saved.get(each.experiment.key())) is not None:
                self._keep(each, run.epochs)
        return bool(saved)

    def _start(self, wanted: _WantedRun) -> bool:
        """Train it if a worker is idle and nobody waits; False if not."""
        with self._lock:
            busy = len(self._running) >= self._workers
        # It must not stand in the queue before the next visitor.
        busy |= self._jobs.running + self._jobs.queue_length >= self._workers
        if busy or self._jobs.status.state != "ready":
            return False
        run = self._runs.train_for(wanted.experiment, run_owner(wanted.room, wanted.number))
        with self._lock:
            self._running[wanted.key] = wanted, run
        return run.job.state != "refused"

    def _collect(self) -> bool:
        """Collect the trainings that have ended. True if there is a new run."""
        with self._lock:
            ended = {key: each for key, each in self._running.items() if each[1].job.ended}
            for key in ended:
                del self._running[key]
        new = False
        for key, (wanted, trained) in ended.items():
            view = trained.job.view()
            run = view.result if view.state == "finished" else None
            if run is not None:
                self._keep(wanted, run.epochs)
                new = True
            elif view.state == "finished":  # the registry has evicted its large result, but it was saved
                self._looked_up.discard(key)
            elif view.state in ("failed", "lost", "refused"):
                self._failed[key] += 1
        return new

    def _keep(self, wanted: _WantedRun, epochs: Collection[object]) -> None:
        run = SeedRun.of(wanted.number, wanted.step, wanted.experiment, list(epochs))  # type: ignore[arg-type]
        with self._lock:
            self._done[wanted.room, wanted.position][wanted.number] = run


def run_numbers(view: RoomView, position: int | None = None) -> list[int]:
    """The numbers of the runs that a step needs, those of the participants first."""
    step = view.room.lesson.steps[view.room.state.step if position is None else position]
    if step.block.run == "none":
        return []
    tries = [-1 - i for i, option in enumerate(step.options) if option.attempt]
    own = [each.number for each in view.present] if step.block.run == "seed" else [SHARED]
    return own + tries


def experiment_of(room: Room, step: Step, number: int) -> Experiment:
    """The experiment of that number in a step: a participant's has the room's seed plus their number."""
    if number < 0:
        return attempt(step, step.options[-1 - number])
    if number == SHARED:
        return step.experiment
    seed = (room.seed + number) % _LARGEST_SEED
    training = step.experiment.training.model_copy(update={"seed": seed, "seeds": 1})
    return step.experiment.model_copy(update={"training": training})


def _wanted_runs(view: RoomView, position: int, numbers: Collection[int]) -> list[_WantedRun]:
    room, step = view.room, view.room.lesson.steps[position]
    return [_WantedRun(room.id, position, number, step, experiment_of(room, step, number)) for number in numbers]
