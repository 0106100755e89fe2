"""Trains the seeds of a room while people join and think, on workers that no visitor needs.

The runs are saved like those of visitors, so they outlive this server, and another one can show them.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import Lock

from backend.experiment import Experiment
from backend.jobs.job import Job
from backend.jobs.manager import JobManager
from backend.lessons.lesson import Step
from backend.rooms.class_result import SeedRun
from backend.rooms.model import Room, RoomView, run_owner
from backend.training.duration import DurationEstimator
from backend.training.job import SeedsJob
from backend.training.result import Epoch, Run
from backend.training.runs import TrainingRuns
from backend.training.store import RunStore
from backend.words import counted

#: The number of the run that a step with `run: shared` has.
SHARED = 0
#: How often a training is tried.
_TRIES = 2
#: The most seeds of a class in one job, and about how many seconds it may take at most: a visitor's job may have to
#: wait for it. Then the most runs that are looked up in the database at once.
_TOGETHER, _GROUP_SECONDS, _LOOKED_UP = 8, 10.0, 200
#: Seconds between two reads of the saved runs of an earlier step.
_READ_AGAIN = 5.0
#: The most runs of a step that are trained before those of other steps, and after the lesson at all. The interval of a
#: median of so many is narrow, and a worker needs minutes for the seeds of a thousand people.
SAMPLE = 120
#: The seeds of participants are below this.
_LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True)
class StepRuns:
    """The runs of a step at one moment, by number: of participants from 1, the shared one 0.

    `needed` has the numbers of all runs that the step shows, `failed` of those that are missing because their training
    has failed, as far as this server knows. `epochs` are those of the run `first`: the shared one, or that of the
    participant whose run was ready first. `awaited` counts the missing runs that will still be trained.
    """

    needed: tuple[int, ...]
    done: Mapping[int, SeedRun]
    failed: frozenset[int]
    first: int = SHARED
    epochs: tuple[Epoch, ...] = ()
    awaited: int = 0

    @property
    def missing(self) -> frozenset[int]:
        """The runs that are not ready."""
        return frozenset(self.needed) - self.done.keys()

    def counted(self) -> str:
        """How many runs are ready: "41 runs", "Runs of 32 of 41 participants", "Runs of a sample: 120 of 1,000 …"."""
        ready, needed = len(self.done.keys() & set(self.needed)), len(self.needed)
        if ready == needed:
            return counted(ready, "run")
        return f"Runs of {'a sample: ' if ready >= SAMPLE else ''}{ready:,} of {counted(needed, 'participant')}"


@dataclass
class _Known:
    """What this server knows of the runs of a step, by number: `StepRuns` has the rest.

    `looked_up` are those for which it has asked the database, `training` those that a worker trains, and `read_at` is
    when all were looked up.
    """

    done: dict[int, SeedRun] = field(default_factory=dict)
    first: int = SHARED
    epochs: tuple[Epoch, ...] = ()
    looked_up: set[int] = field(default_factory=set)
    training: set[int] = field(default_factory=set)
    failures: Counter[int] = field(default_factory=Counter)
    read_at: float = float("-inf")


@dataclass(frozen=True)
class _Training:
    """A job that trains some runs of a room's step: the seeds of participants together, or the shared run."""

    room: Room
    step: Step
    numbers: tuple[int, ...]
    job: Job
    cancel: Callable[[], object]


class SeedTraining:
    """The runs of the rooms' steps. Safe from any thread."""

    def __init__(self, jobs: JobManager, runs: TrainingRuns, saved: RunStore, workers: int) -> None:
        self._jobs, self._runs, self._saved, self._workers = jobs, runs, saved, workers
        self._lock = Lock()
        self._steps: defaultdict[tuple[str, str], _Known] = defaultdict(_Known)  # by the ids of room and step
        self._running: list[_Training] = []

    def of_step(self, view: RoomView, position: int | None = None) -> StepRuns:
        """The runs of a step (None: the current one) as they are now.

        Those that this server has not seen are read from the database: of the current step by `feed`, of others here.
        Some may be missing for ever, and a board asks once a second, so they are not read again for `_READ_AGAIN` s.
        """
        room = view.room
        step = room.lesson.steps[room.state.step if position is None else position]
        needed = _numbers(view, step)
        with self._lock:
            known = self._steps[room.id, step.id]
        current = step is room.step and not room.state.closed and known.done
        if not current and time.monotonic() - known.read_at >= _READ_AGAIN:
            self._look_up(room, step, self._missing(known, needed))
            known.read_at = time.monotonic()
        with self._lock:
            done = dict(sorted(known.done.items()))
            failed = frozenset(n for n in needed if known.failures[n] >= _TRIES and n not in done)
            wanted = {n for numbers in _wanted(view, step) for n in numbers} - failed - done.keys()
            return StepRuns(tuple(needed), done, failed, known.first, known.epochs, len(wanted))

    def feed(self, view: RoomView, owner: bool) -> None:
        """Collect the runs that are ready, and give idle workers the next runs of the lesson.

        Those of the current step come first, then those of the steps to come, then what earlier steps lack. In the
        lobby the first step is the current one: its network is compiled when the host begins. After the lesson, only
        the results that were revealed are completed. Only the server that is the room's `owner` trains. Others read
        what it saved.
        """
        self._collect()
        room = view.room
        if not owner:
            with self._lock:
                known = self._steps[room.id, room.step.id]
            self._look_up(room, room.step, self._missing(known, _numbers(view, room.step))[:_LOOKED_UP])
            return
        for step, numbers in _in_order(view):
            if not self._train(room, step, numbers):
                return

    def is_unfinished(self, view: RoomView) -> bool:
        """Whether a result that was revealed still lacks runs that will be trained."""
        steps = range(len(view.room.lesson.steps))
        return any(view.room.state.shows_result_of(i) and self.of_step(view, i).awaited for i in steps)

    def forget(self, room: str) -> None:
        """Free the runs of a room that was deleted or that nobody looks at, and cancel its trainings."""
        with self._lock:
            gone = [each for each in self._running if each.room.id == room]
            self._running = [each for each in self._running if each.room.id != room]
            for place in [place for place in self._steps if place[0] == room]:
                del self._steps[place]
        for training in gone:
            training.cancel()

    def _train(self, room: Room, step: Step, numbers: Sequence[int]) -> bool:
        """Train those of the runs that are missing, as long as a worker is idle. Returns whether one still is."""
        with self._lock:
            known = self._steps[room.id, step.id]
            others = [each.step for each in self._running if each.room.id == room.id and each.step.id != step.id]
        if step.experiment in [each.experiment for each in others]:
            return True  # soon their runs are those of this step, too
        unread = [n for n in self._missing(known, numbers) if n not in known.looked_up]
        self._look_up(room, step, unread[:_LOOKED_UP])
        while next_ones := self._next(step, known, numbers):
            if not self._start(room, step, next_ones):
                return False
        return True

    def _missing(self, known: _Known, needed: Sequence[int]) -> list[int]:
        """The numbers of the needed runs that are neither ready nor in training."""
        with self._lock:
            return [n for n in needed if n not in known.done and n not in known.training]

    def _next(self, step: Step, known: _Known, needed: Sequence[int]) -> list[int]:
        """The runs of a step that a worker trains next: some participants' seeds, or the shared run."""
        left = [n for n in self._missing(known, needed) if n in known.looked_up and known.failures[n] < _TRIES]
        if not left or known.failures[left[0]]:
            return left[:1]  # alone: one seed can make a whole group fail
        each = DurationEstimator().seconds(step.experiment, traced=True)
        return left[: max(1, min(_TOGETHER, int(_GROUP_SECONDS / each)))]

    def _look_up(self, room: Room, step: Step, numbers: Sequence[int]) -> None:
        """Read those of the runs that were saved, if the database can be read now."""
        wanted = {number: experiment_of(room, step, number) for number in numbers}
        saved = self._saved.find_all(list(wanted.values())) if wanted else {}
        if saved is None:
            return
        with self._lock:
            self._steps[room.id, step.id].looked_up.update(numbers)
        for number, experiment in wanted.items():
            if (found := saved.get(experiment.key())) is not None:
                self._keep(room, step, number, found[0].epochs)

    def _start(self, room: Room, step: Step, numbers: Sequence[int]) -> bool:
        """Train the runs if a worker is idle and nobody waits. Returns whether their job was accepted."""
        # A room's job must not stand in the queue before a visitor's. The queue first: a job may be taken meanwhile.
        busy = self._jobs.queue_length + self._jobs.running >= self._workers
        if busy or self._jobs.status.state != "ready":
            return False
        experiment, owner = experiment_of(room, step, numbers[0]), run_owner(room.id, numbers[0])
        if numbers[0] > SHARED:
            seeds = tuple(experiment_of(room, step, number).training.seed for number in numbers)
            payload = SeedsJob(experiment=experiment.unlabelled(), seeds=seeds)
            job = self._jobs.submit(owner, payload.kind, payload)
            cancel: Callable[[], object] = partial(self._jobs.cancel, owner, job.id)
        else:
            run = self._runs.train_for(experiment, owner)
            job, cancel = run.job, partial(self._runs.cancel, run, owner)
        with self._lock:
            self._running.append(_Training(room, step, tuple(numbers), job, cancel))
            self._steps[room.id, step.id].training.update(numbers)
        return job.state != "refused"

    def _collect(self) -> None:
        """Collect the trainings that have ended."""
        with self._lock:
            ended = [each for each in self._running if each.job.ended]
            self._running = [each for each in self._running if each not in ended]
        for training in ended:
            room, step, view = training.room, training.step, training.job.view()
            result = view.result if view.state == "finished" else None
            if result is not None:
                runs: list[Run] = result if isinstance(result, list) else [result]
                for number, run in zip(training.numbers, runs, strict=True):
                    for each in room.lesson.steps:
                        if (each.block.run, each.experiment) == (step.block.run, step.experiment):
                            self._keep(room, each, number, run.epochs)
                    if number > SHARED:
                        self._runs.keep(run, run_owner(room.id, number))
            with self._lock:
                known = self._steps[room.id, step.id]
                known.training.difference_update(training.numbers)
                if view.state in ("failed", "lost", "refused"):
                    known.failures.update(training.numbers)
                elif result is None:  # the registry has evicted its large result, but it was saved
                    known.looked_up.difference_update(training.numbers)

    def _keep(self, room: Room, step: Step, number: int, epochs: Sequence[Epoch]) -> None:
        run = SeedRun.of(number, step, experiment_of(room, step, number), epochs)
        with self._lock:
            known = self._steps[room.id, step.id]
            known.done[number] = run
            if not known.epochs:
                known.first, known.epochs = number, tuple(epochs)


def _numbers(view: RoomView, step: Step) -> list[int]:
    """The numbers of the runs that a step needs. Those of people who have answered a question come first."""
    if step.block.run == "seed":
        silent = {who.number for who in view.silent}
        return sorted((who.number for who in view.present), key=lambda number: (number in silent, number))
    return [SHARED] if step.block.run == "shared" else []


def _wanted(view: RoomView, step: Step) -> list[list[int]]:
    """The runs of a step that are trained: a sample, and then all others while the lesson lasts."""
    numbers, now = _numbers(view, step), view.room.state
    if not now.closed:
        return [numbers[:SAMPLE], numbers[SAMPLE:]]
    revealed = now.shows_result_of(view.room.lesson.steps.index(step))
    return [numbers[:SAMPLE] if revealed else [], []]


def _in_order(view: RoomView) -> Iterator[tuple[Step, list[int]]]:
    """The steps with their runs, in the order of training: first a sample of each step."""
    steps, at = view.room.lesson.steps, view.room.state.step
    wanted = [(step, _wanted(view, step)) for step in (*steps[at:], *steps[:at])]
    for part in range(2):
        yield from ((step, runs[part]) for step, runs in wanted)


def experiment_of(room: Room, step: Step, number: int) -> Experiment:
    """The experiment of that number in a step: a participant's has the room's seed plus their number."""
    if number == SHARED:
        return step.experiment
    seed = (room.seed + number) % _LARGEST_SEED
    return step.experiment.with_training(seed=seed, seeds=1)
