"""Trains the seeds of a room while people join and think, on workers that no visitor needs.

The runs are saved like those of visitors, so they outlive this server, and another one can show them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Lock

from cachetools import TTLCache

from backend.experiment import Experiment
from backend.jobs.job import Job
from backend.jobs.manager import JobManager
from backend.lessons.lesson import Step
from backend.lessons.parser import attempt
from backend.rooms.class_result import SeedRun
from backend.rooms.model import Room, RoomView, run_owner
from backend.training.duration import DurationEstimator
from backend.training.job import SeedsJob
from backend.training.result import Epoch, Run
from backend.training.runs import TrainingRuns
from backend.training.store import RunStore

#: The number of the run that a step with `run: shared` has.
SHARED = 0
#: How often a training is tried.
_TRIES = 2
#: The most seeds of a class in one job, and about how many seconds it may take at most: a visitor's job may have to
#: wait for it. Then the most runs that are looked up in the database at once.
_TOGETHER, _GROUP_SECONDS, _LOOKED_UP = 8, 10.0, 200
#: Seconds between two reads of the saved runs of an earlier step.
_READ_AGAIN = 5.0
#: The seeds of participants are below this.
_LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True)
class StepRuns:
    """The runs of a step at one moment, by number: of participants from 1, the shared one 0.

    The run that option i says to try has the number -1 - i. `needed` has the numbers of all runs that the step shows,
    `failures` of those whose training has failed, as far as this server knows. `epochs` are those of the run `first`:
    the shared one, or that of the participant whose run was ready first.
    """

    needed: tuple[int, ...]
    done: Mapping[int, SeedRun]
    failures: frozenset[int]
    first: int = SHARED
    epochs: tuple[Epoch, ...] = ()

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


#: What identifies a run: its room, the id of its step, and its number.
Key = tuple[str, str, int]


@dataclass(frozen=True)
class _WantedRun:
    """A run of a room's step: that of a participant, the shared one, or what an option says to try."""

    room: str
    number: int
    step: Step
    experiment: Experiment

    @property
    def key(self) -> Key:
        """The key that identifies the run."""
        return self.room, self.step.id, self.number


@dataclass(frozen=True)
class _Training:
    """A job that trains some runs of a room: the seeds of participants together, or one other run."""

    wanted: tuple[_WantedRun, ...]
    job: Job
    cancel: Callable[[], object]

    @property
    def keys(self) -> list[Key]:
        return [each.key for each in self.wanted]


class SeedTraining:
    """The runs of the rooms' steps. Safe from any thread."""

    def __init__(self, jobs: JobManager, runs: TrainingRuns, saved: RunStore, workers: int) -> None:
        self._jobs, self._runs, self._saved, self._workers = jobs, runs, saved, workers
        self._lock = Lock()
        self._done: defaultdict[tuple[str, str], dict[int, SeedRun]] = defaultdict(dict)
        self._epochs: dict[tuple[str, str], tuple[int, tuple[Epoch, ...]]] = {}
        self._running: list[_Training] = []
        self._failed: defaultdict[Key, int] = defaultdict(int)
        self._looked_up: set[Key] = set()
        self._just_read: TTLCache[tuple[str, str], bool] = TTLCache(maxsize=1000, ttl=_READ_AGAIN)

    def of_step(self, view: RoomView, position: int | None = None) -> StepRuns:
        """The runs of a step (None: the current one) as they are now."""
        at = view.room.state.step if position is None else position
        needed, place = tuple(run_numbers(view, at)), _place(view, at)
        with self._lock:
            done = dict(sorted(self._done.get(place, {}).items()))
            failures = (n for n in needed if self._failed.get((*place, n), 0) >= _TRIES)
            first, epochs = self._epochs.get(place, (SHARED, ()))
            return StepRuns(needed, done, frozenset(failures) - done.keys(), first, epochs)

    def feed(self, view: RoomView, owner: bool) -> None:
        """Collect the runs that are ready, and give idle workers the next runs of the current step.

        In the lobby that is the first step: the network is compiled when the host begins. Only the server that is the
        room's `owner` trains. Others read what it saved.
        """
        self._collect()
        if view.room.state.closed:
            return
        at = view.room.state.step
        missing = self._missing_numbers(view, at)
        unread = [number for number in missing if not owner or (*_place(view, at), number) not in self._looked_up]
        self._look_up(_wanted_runs(view, at, unread[:_LOOKED_UP]))
        while owner and (numbers := self._next_numbers(view, at)) and self._start(_wanted_runs(view, at, numbers)):
            pass

    def restore(self, view: RoomView, position: int) -> bool:
        """Read the saved runs of a step that this server has not seen. `feed` reads those of the current one.

        False if the database cannot be read now.
        Some may be missing for ever, and a board asks once a second, so a step that was read is not read again for
        `_READ_AGAIN` seconds.
        """
        now, place = view.room.state, _place(view, position)
        if not now.closed and position == now.step and self.of_step(view, position).done:
            return True
        with self._lock:
            if place in self._just_read:
                return True
        known = self._look_up(_wanted_runs(view, position, self._missing_numbers(view, position))) is not None
        if known:
            with self._lock:  # only now: a caller that finds this mark does not wait for the runs
                self._just_read[place] = True
        return known

    def forget(self, room: str) -> None:
        """Free the runs of a room that was deleted or that nobody looks at, and cancel its trainings."""
        with self._lock:
            gone = [each for each in self._running if each.wanted[0].room == room]
            self._running = [each for each in self._running if each not in gone]
            self._looked_up = {key for key in self._looked_up if key[0] != room}
            for key in [key for key in self._done if key[0] == room]:
                del self._done[key]
                self._epochs.pop(key, None)
            for failed in [key for key in self._failed if key[0] == room]:
                del self._failed[failed]
        for training in gone:
            training.cancel()

    def _missing_numbers(self, view: RoomView, at: int) -> list[int]:
        """The numbers of the runs of a step that are neither ready nor in training."""
        place = _place(view, at)
        with self._lock:
            running = {key for each in self._running for key in each.keys}
            done = self._done.get(place, {})
            return [n for n in run_numbers(view, at) if n not in done and (*place, n) not in running]

    def _next_numbers(self, view: RoomView, at: int) -> list[int]:
        """The runs of a step that a worker trains next: some participants' seeds together, or one other run."""
        place, missing = _place(view, at), self._missing_numbers(view, at)
        with self._lock:
            keys = {number: (*place, number) for number in missing if (*place, number) in self._looked_up}
            failures = {number: self._failed.get(key, 0) for number, key in keys.items()}
        left = [number for number, times in failures.items() if times < _TRIES]
        seeds = [number for number in left if number > SHARED]
        if not seeds:
            return left[:1]
        if failures[seeds[0]]:
            return seeds[:1]  # alone: one seed can make a whole group fail
        each = DurationEstimator().seconds(view.room.lesson.steps[at].experiment, traced=True)
        return seeds[: max(1, min(_TOGETHER, int(_GROUP_SECONDS / each)))]

    def _look_up(self, wanted: Collection[_WantedRun]) -> bool | None:
        """Read those of the runs that were saved. True if there are any; None if the database cannot be read now."""
        if not wanted:
            return False
        saved = self._saved.find_all([each.experiment for each in wanted])
        if saved is None:
            return None
        with self._lock:
            self._looked_up |= {each.key for each in wanted}
        for each in wanted:
            if (found := saved.get(each.experiment.key())) is not None:
                self._keep(each, found[0].epochs)
        return bool(saved)

    def _start(self, wanted: Sequence[_WantedRun]) -> bool:
        """Train the runs if a worker is idle and nobody waits. Returns whether their job was accepted."""
        with self._lock:
            busy = len(self._running) >= self._workers
        # A room's job must not stand in the queue before a visitor's. The queue first: a job may be taken meanwhile.
        busy |= self._jobs.queue_length + self._jobs.running >= self._workers
        if busy or self._jobs.status.state != "ready":
            return False
        first, owner = wanted[0], run_owner(wanted[0].room, wanted[0].number)
        if first.number > SHARED:
            seeds = tuple(each.experiment.training.seed for each in wanted)
            payload = SeedsJob(experiment=first.experiment.unlabelled(), seeds=seeds)
            job = self._jobs.submit(owner, payload.kind, payload)
            cancel: Callable[[], object] = partial(self._jobs.cancel, owner, job.id)
        else:
            run = self._runs.train_for(first.experiment, owner)
            job, cancel = run.job, partial(self._runs.cancel, run, owner)
        with self._lock:
            self._running.append(_Training(tuple(wanted), job, cancel))
        return job.state != "refused"

    def _collect(self) -> None:
        """Collect the trainings that have ended."""
        with self._lock:
            ended = [each for each in self._running if each.job.ended]
            self._running = [each for each in self._running if each not in ended]
        for training in ended:
            view = training.job.view()
            result = view.result if view.state == "finished" else None
            if result is not None:
                runs: list[Run] = result if isinstance(result, list) else [result]
                for wanted, run in zip(training.wanted, runs, strict=True):
                    self._keep(wanted, run.epochs)
                    if wanted.number > SHARED:
                        self._runs.keep(run, run_owner(wanted.room, wanted.number))
            elif view.state == "finished":  # the registry has evicted its large result, but it was saved
                with self._lock:
                    self._looked_up -= {*training.keys}
            elif view.state in ("failed", "lost", "refused"):
                with self._lock:
                    for key in training.keys:
                        self._failed[key] += 1

    def _keep(self, wanted: _WantedRun, epochs: Sequence[Epoch]) -> None:
        run, place = SeedRun.of(wanted.number, wanted.step, wanted.experiment, epochs), (wanted.room, wanted.step.id)
        with self._lock:
            self._done[place][wanted.number] = run
            if wanted.number >= SHARED:
                self._epochs.setdefault(place, (run.number, tuple(epochs)))


def _place(view: RoomView, position: int) -> tuple[str, str]:
    """What all runs of a step have in their key."""
    return view.room.id, view.room.lesson.steps[position].id


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
    return [_WantedRun(room.id, number, step, experiment_of(room, step, number)) for number in numbers]
