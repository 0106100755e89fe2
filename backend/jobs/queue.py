"""The queue: urgent jobs first; networks and visitors take turns, and each visitor runs one job at a time."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain

from backend.jobs.job import Job


def _always(job: Job) -> bool:
    return True


class _Turns:
    """A line of jobs for each visitor, and who is next.

    Every second turn goes to the network that was served longest ago, and in it to the visitor who was served longest
    ago. The other turns go to the visitor who was served longest ago in any network. So a class behind one address does
    not wait as if it were one visitor, and one person with many cookies is not served as if they were a class: nobody
    waits much more than twice as long as with turns by visitor alone, or by network alone.
    """

    def __init__(self) -> None:
        # The first key of each dict is the next one.
        self._lines: OrderedDict[str, deque[Job]] = OrderedDict()
        self._networks: OrderedDict[str, OrderedDict[str, None]] = OrderedDict()  # network → its visitors with lines
        self._network_of: dict[str, str] = {}
        self._by_network = True

    def push(self, job: Job) -> None:
        self._line(job).append(job)

    def requeue(self, job: Job) -> None:
        """Put `job` before the others of its visitor, who is the next one."""
        self._line(job).appendleft(job)
        self._move(job.visitor, last=False)

    def pop(self, busy: Collection[str] = (), may_start: Callable[[Job], bool] = _always) -> Job | None:
        visitor = self._next(lambda job: job.visitor not in busy and may_start(job)) or self._next(
            lambda job: job.parallel and may_start(job)
        )
        if visitor is None:
            return None
        self._by_network = not self._by_network
        self._move(visitor, last=True)
        job = self._lines[visitor][0]
        self.remove(job)
        return job

    def length(self, visitor: str | None = None, network: str | None = None) -> int:
        if visitor is not None:
            return len(self._lines.get(visitor, ()))
        visitors: Iterable[str] = self._lines if network is None else self._networks.get(network, ())
        return sum(len(self._lines[each]) for each in visitors)

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
            network = self._network_of.pop(job.visitor)
            del self._lines[job.visitor], self._networks[network][job.visitor]
            if not self._networks[network]:
                del self._networks[network]
        return True

    def copy(self) -> _Turns:
        rest = _Turns()
        rest._lines = OrderedDict((visitor, line.copy()) for visitor, line in self._lines.items())
        rest._networks = OrderedDict((network, visitors.copy()) for network, visitors in self._networks.items())
        rest._network_of, rest._by_network = self._network_of.copy(), self._by_network
        return rest

    def _next(self, may_start: Callable[[Job], bool]) -> str | None:
        """The visitor with the next turn, of those whose first job may start."""
        visitors: Iterable[str] = self._lines
        if self._by_network:
            visitors = chain.from_iterable(self._networks.values())
        return next((visitor for visitor in visitors if may_start(self._lines[visitor][0])), None)

    def _line(self, job: Job) -> deque[Job]:
        """The line of the job's visitor; a new one is behind all others."""
        if job.visitor not in self._lines:
            self._lines[job.visitor], self._network_of[job.visitor] = deque(), job.network
            self._networks.setdefault(job.network, OrderedDict())[job.visitor] = None
        return self._lines[job.visitor]

    def _move(self, visitor: str, *, last: bool) -> None:
        """Make the visitor the last one, or the next, and their network."""
        network = self._network_of[visitor]
        self._lines.move_to_end(visitor, last)
        self._networks[network].move_to_end(visitor, last)
        self._networks.move_to_end(network, last)


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

    def pop(self, running: Collection[Job] = (), may_start: Callable[[Job], bool] = _always) -> Job | None:
        """Take out the next job that may start; None when there is none.

        Its visitor's next job waits until the others had a turn. A visitor with a job among `running` waits for its
        end, separately for urgent jobs and others. `parallel` jobs do not wait for it if no other visitor waits.
        """
        ranked = (self._urgent, self._other) if self._in_a_row < _IN_A_ROW else (self._other, self._urgent)
        for turns in ranked:
            job = turns.pop({job.visitor for job in running if job.urgent is (turns is self._urgent)}, may_start)
            if job is not None:
                self._in_a_row = self._in_a_row + 1 if job.urgent else 0
                return job
        return None

    def join(self, job: Job, visitor: str, running: Collection[Job] = (), network: str = "") -> bool:
        """Move `job` to the line of `visitor`, who requested it too, if fewer jobs are before it there.

        False if it stays.
        """
        busy = Counter(each.visitor for each in running if each.urgent is job.urgent)
        turns = self._turns(job)
        sooner = turns.length(visitor) + busy[visitor] < turns.ahead(job) + busy[job.visitor]
        if not sooner or not turns.remove(job):
            return False
        job.visitor, job.network = visitor, network or visitor
        turns.push(job)
        return True

    def length(self, urgent: bool, visitor: str | None = None, network: str | None = None) -> int:
        """How many urgent (or other) jobs wait, of one visitor, of one network or of all."""
        return (self._urgent if urgent else self._other).length(visitor, network)

    def remove(self, job: Job) -> bool:
        """Take `job` out; False if it is not there."""
        return self._turns(job).remove(job)

    def __iter__(self) -> Iterator[Job]:
        rest = Queue()
        rest._urgent, rest._other, rest._in_a_row = self._urgent.copy(), self._other.copy(), self._in_a_row
        return iter(rest.pop, None)

    def _turns(self, job: Job) -> _Turns:
        return self._urgent if job.urgent else self._other
