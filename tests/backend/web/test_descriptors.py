"""The limit of open files: raised when the server starts, and a sentence in the log where that is not enough."""

from __future__ import annotations

import resource
import subprocess
import sys
from functools import partial

from harness.local import ROOT

#: The limit that a child process of this one has.
SCRIPT = """
import logging, subprocess, sys
logging.basicConfig(format="%(message)s")
from backend.web.descriptors import raise_limit
limit = raise_limit()
child = "import resource; print(*resource.getrlimit(resource.RLIMIT_NOFILE))"
print(limit, subprocess.run([sys.executable, "-c", child], capture_output=True, text=True).stdout)
"""
HARD = resource.getrlimit(resource.RLIMIT_NOFILE)[1]


def started(soft: int, hard: int) -> tuple[list[int], str]:
    """What a new process with these limits returns, the soft and the hard limit of its child, and what it logs."""
    limits = partial(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True, preexec_fn=limits
    )
    return [int(each) for each in done.stdout.split()], done.stderr


def test_the_soft_limit_becomes_the_hard_one_also_for_workers() -> None:
    assert started(256, 512)[0] == [512, 512, 512]
    if HARD != resource.RLIM_INFINITY:
        assert started(256, HARD)[0] == [HARD] * 3
