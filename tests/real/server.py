"""A server process for tests: it runs jobs, prints what it sees in JSON, and stops once told to."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import sys
import types
from collections.abc import Iterable
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psutil

from backend.config.settings import Settings
from backend.jobs import Job, JobManager, cluster
from harness.local import until
from tests.backend.jobs.helpers import JOB_KINDS, QUICK, begin
from tests.backend.jobs.samples import Count


def main(page: str) -> None:
    """`page` is a script that must not run in a worker, though it is `__main__` as under Streamlit."""
    cluster.PRELOAD = QUICK
    jobs = JobManager(Settings(workers=1), JOB_KINDS)
    jobs.start()
    early = jobs.status.state
    queued = jobs.submit("ada", "count", Count(to=3))

    sys.modules["__main__"] = fake = types.ModuleType("__main__")
    fake.__file__ = page

    first = jobs.wait(queued, 90).state
    (worker,) = jobs.workers()
    os.kill(worker.pid, signal.SIGKILL)
    second = jobs.wait(jobs.submit("ada", "count", Count(to=3)), 90).state
    me = psutil.Process()
    family = [me, *me.children(recursive=True)]
    connections = [each for one in family for each in one.net_connections("inet")]
    listening = {(each.laddr.ip, each.laddr.port) for each in connections if each.status == "LISTEN"}
    answers = [answer_to_a_stranger(port) for _, port in listening]
    stuck = get_stuck(jobs, page)

    say(
        family=[one.pid for one in family],
        early=early,
        states=[first, second],
        imported=[name for name in ("keras", "tensorflow", "streamlit") if name in sys.modules],
        listening=sorted({address for address, _ in listening}),
        answers=sorted(answers),
    )
    sys.stdin.readline()
    jobs.stop(60)
    until(lambda: len(commands(me.children(recursive=True))) <= 1, "the workers end")
    say(left=commands(me.children(recursive=True)), state=stuck.state, message=stuck.message)
    sys.stdin.readline()


def get_stuck(jobs: JobManager, page: str) -> Job:
    """A job that nothing can stop but the end of its worker."""
    mark = Path(page).with_name("deaf")
    stuck = begin(jobs, "ada", "deaf", mark)
    until(mark.exists)
    return stuck


def commands(processes: Iterable[psutil.Process]) -> list[list[str]]:
    """The commands of those that have not ended. An ended one is a zombie until its parent asks for its status."""
    found = []
    for each in processes:
        with suppress(psutil.NoSuchProcess):  # it has ended; a zombie raises a kind of this error
            found.append(each.cmdline())
    return found


def answer_to_a_stranger(port: int) -> str:
    """The response to HTTP, or to TLS without a certificate."""
    asked = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        asked.request("GET", "/")
        return f"http {asked.getresponse().status}"
    except (HTTPException, ConnectionError):  # it speaks TLS
        asked.close()
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with socket.create_connection(("127.0.0.1", port), 60) as plain, context.wrap_socket(plain) as connection:
            return f"{connection.recv(1)!r}"
    except ssl.SSLError as refused:
        return str(refused.reason)


def say(**facts: object) -> None:
    print(json.dumps(facts), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
