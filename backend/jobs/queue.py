"""The queue: urgent jobs first, and among equals each visitor in turn, with one job at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator

from backend.jobs.job import Job


class _Turns:
    """A line of jobs for each visitor; the visitors take turns. Dicts keep order: the first is next."""

    def __init__(self) -> None:
        self._lines: dict[str, deque[Job]] = {}

    def push(self, job: Job) -> None:
        self._lines.setdefault(job.visitor, deque()).append(job)

    def put_back(self, job: Job) -> None:
        line = self._lines.pop(job.visitor, deque())
        line.appendleft(job)
        self._lines = {job.visitor: line, **self._lines}

    def pop(self, busy: Collection[str] = ()) -> Job | None:
        idle = (visitor for visitor in self._lines if visitor not in busy)
        spread = (visitor for visitor, line in self._lines.items() if line[0].spread)
        visitor = next(idle, None) or next(spread, None)
        if visitor is None:
            return None
        line = self._lines.pop(visitor)
        job = line.popleft()
        if line:
            self._lines[visitor] = line
        return job

    def length(self, visitor: str) -> int:
        return len(self._lines.get(visitor, ()))

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


class Queue:
    """Jobs in the order in which they will run. Not locked: its owner, the board, is."""

    def __init__(self) -> None:
        self._urgent, self._other = _Turns(), _Turns()

    def push(self, job: Job) -> None:
        """Put ``job`` at the end of its visitor's line."""
        self._turns(job).push(job)

    def put_back(self, job: Job) -> None:
        """Put ``job``, which was taken out, where it came from: it is next."""
        self._turns(job).put_back(job)

    def pop(self, busy: Collection[str] = ()) -> Job | None:
        """Take the next job out, None when there is none. Its visitor's next one waits for a whole turn.

        `busy` visitors have a job running. Another of theirs waits for that, unless it is urgent, or `spread` and
        nobody else waits.
        """
        return self._urgent.pop() or self._other.pop(busy)

    def length(self, urgent: bool, visitor: str | None = None) -> int:
        """How many urgent jobs, or others, wait; of one visitor, or of all."""
        turns = self._urgent if urgent else self._other
        return turns.length(visitor) if visitor is not None else sum(1 for _ in turns)

    def remove(self, job: Job) -> bool:
        """Take ``job`` out; False if it is not there."""
        return self._turns(job).remove(job)

    def __iter__(self) -> Iterator[Job]:
        yield from self._urgent
        yield from self._other

    def _turns(self, job: Job) -> _Turns:
        return self._urgent if job.urgent else self._other
