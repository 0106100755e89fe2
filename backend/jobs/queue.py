"""The queue: urgent jobs first, and among equals each visitor in turn."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

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

    def pop(self) -> Job | None:
        for visitor, line in self._lines.items():
            del self._lines[visitor]
            job = line.popleft()
            if line:
                self._lines[visitor] = line
            return job
        return None

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

    def pop(self) -> Job | None:
        """Take the next job out, None when there is none. Its visitor's next one waits for a whole turn."""
        return self._urgent.pop() or self._other.pop()

    def remove(self, job: Job) -> bool:
        """Take ``job`` out; False if it is not there."""
        return self._turns(job).remove(job)

    def __iter__(self) -> Iterator[Job]:
        yield from self._urgent
        yield from self._other

    def _turns(self, job: Job) -> _Turns:
        return self._urgent if job.urgent else self._other
