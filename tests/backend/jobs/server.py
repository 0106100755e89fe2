"""A server process for tests: runs jobs, says in JSON what it sees, and then stops or waits to be killed."""

from __future__ import annotations

import json
import os
import signal
import sys
import types
from pathlib import Path

import psutil

from backend.jobs import Jobs
from backend.settings import Settings
from tests.backend.jobs.helpers import KINDS, until


def main(page: str) -> None:
    """`page` is a script that must not run in a worker, though it is `__main__` as under Streamlit."""
    jobs = Jobs(Settings(workers=1), KINDS)
    jobs.start()
    early = jobs.status.state
    queued = jobs.submit("ada", "count", {"to": 3})

    sys.modules["__main__"] = fake = types.ModuleType("__main__")
    fake.__file__ = page

    first = jobs.wait(queued, 90).state
    (worker,) = jobs.workers()
    os.kill(worker.pid, signal.SIGKILL)
    second = jobs.wait(jobs.submit("ada", "count", {"to": 3}), 90).state
    mark = Path(page).with_name("deaf")
    stuck = jobs.submit("ada", "deaf", {"mark": str(mark)})
    until(mark.exists)

    me = psutil.Process()
    family = [me, *me.children(recursive=True)]
    listening = [each.laddr.ip for one in family for each in one.net_connections("inet") if each.status == "LISTEN"]
    say(
        early=early,
        states=[first, second],
        imported=[name for name in ("keras", "tensorflow", "streamlit") if name in sys.modules],
        listening=sorted(set(listening)),
        worker=jobs.workers()[0].pid,
        family=[one.pid for one in family],
    )
    sys.stdin.readline()
    jobs.stop()
    say(left=[one.cmdline() for one in me.children(recursive=True)], state=stuck.state, message=stuck.message)
    sys.stdin.readline()


def say(**facts: object) -> None:
    print(json.dumps(facts), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
