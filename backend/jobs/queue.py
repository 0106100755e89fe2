"""The queue: urgent jobs first, then each visitor in turn, with one job at a time."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Iterator

from backend.jobs.job import Job


class _Turns:
    """A line of jobs for each visitor; the visitors take turns. The first key of the dict is the next visitor."""

    def __init__(self) -> None:
        self._lines: dict[str, deque[Job]] = {}

    def push(self, job: Job) -> None:
        self._lines.setdefault(job.visitor, deque()).append(job)

    def requeue(self, job: Job) -> None:
        line = self._lines.pop(job.visitor, deque())
        line.appendleft(job)
        self._lines = {job.visitor: line, **self._lines}

    def pop(self, busy: Collection[str] = ()) -> Job | None:
        idle = (visitor for visitor in self._lines if visitor not in busy)
        parallel = (visitor for visitor, line in self._lines.items() if line[0].parallel)
        visitor = next(idle, None) or next(parallel, None)
        if visitor is None:
            return None
        line = self._lines.pop(visitor)
        job = line.popleft()
        if line:
            self._lines[visitor] = line
        return job

    def length(self, visitor: str) -> int:
        return len(self._lines.get(visitor, ()))

    def ahead(self, job: Job) -> int:
        """How many of its visitor's jobs wait before `job`."""
        line = self._lines.get(job.visitor, deque())
        return line.index(job) if job in line else 0

    def remove(self, job: Job) -> bool:
        line = self._lines.get(job.visitor, deque())
        if job not in line:
            return False
        line.remove(job)
        if not line:
            del self._lines[job.visitor]
        return True

    def __iter__(self) -> Iterator[Job]:
        lines = [list(line) for line in self._lines.values()]
        for turn in range(max(map(len, lines), default=0)):
            yield from (line[turn] for line in lines if turn < len(line))


#: How many urgent jobs may run in a row before a job that is not urgent and waits.
_IN_A_ROW = 3


class Queue:
    """Jobs in the order in which they will run. Not locked: its owner, the registry, is.

    Urgent jobs (short ones) go first, but every fourth turn is for the others. So a visitor who submits urgent jobs
    without end blocks nobody.
    """

    def __init__(self) -> None:
        self._urgent, self._other = _Turns(), _Turns()
        self._in_a_row = 0  # urgent jobs taken since the last other one

    def push(self, job: Job) -> None:
        """Put `job` at the end of its visitor's line."""
        self._turns(job).push(job)

    def requeue(self, job: Job) -> None:
        """Put `job`, which was taken out, back at the front: it is next."""
        self._turns(job).requeue(job)
        self._in_a_row = 0 if job.urgent else _IN_A_ROW

    def pop(self, running: Collection[Job] = ()) -> Job | None:
        """Take the next job out; None when there is none. Its visitor's next job waits until the others had a turn.

        A visitor with a job among `running` waits for its end, separately for urgent jobs and others. `parallel` jobs
        do not wait for it where no other visitor waits.
        """
        for turns in self._by_rank(self._in_a_row):
            job = turns.pop({job.visitor for job in running if job.urgent is (turns is self._urgent)})
            if job is not None:
                self._in_a_row = self._in_a_row + 1 if job.urgent else 0
                return job
        return None

    def join(self, job: Job, visitor: str, running: Collection[Job] = ()) -> bool:
        """Move `job` to the line of `visitor`, who requested it too, if fewer jobs are before it there.

        False if it stays.
        """
        busy = Counter(each.visitor for each in running if each.urgent is job.urgent)
        turns = self._turns(job)
        sooner = turns.length(visitor) + busy[visitor] < turns.ahead(job) + busy[job.visitor]
        if not sooner or not turns.remove(job):
            return False
        job.visitor = visitor
        turns.push(job)
        return True

    def length(self, urgent: bool, visitor: str | None = None) -> int:
        """How many urgent (or other) jobs wait, of one visitor or of all."""
        turns = self._urgent if urgent else self._other
        return turns.length(visitor) if visitor is not None else sum(1 for _ in turns)

    def remove(self, job: Job) -> bool:
        """Take `job` out; False if it is not there."""
        return self._turns(job).remove(job)

    def __iter__(self) -> Iterator[Job]:
        lines = {id(turns): iter(turns) for turns in (self._urgent, self._other)}
        in_a_row = self._in_a_row
        while True:
            ranked = (next(lines[id(turns)], None) for turns in self._by_rank(in_a_row))
            job = next((job for job in ranked if job is not None), None)
            if job is None:
                return
            in_a_row = in_a_row + 1 if job.urgent else 0
            yield job

    def _by_rank(self, in_a_row: int) -> tuple[_Turns, _Turns]:
        """Which of the two is next after `in_a_row` urgent jobs, and then the other."""
        return (self._urgent, self._other) if in_a_row < _IN_A_ROW else (self._other, self._urgent)

    def _turns(self, job: Job) -> _Turns:
        return self._urgent if job.urgent else self._other
