"""What a worker process does when Dask starts it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from harness.local import ROOT

#: What Dask does in a new worker process, without Keras.
STARTED = """
import os
from types import SimpleNamespace
from backend.worker import preload

preload.warm_up = lambda: None
preload.dask_setup(SimpleNamespace(nanny=None, status=None))
print(os.sched_getscheduler(0) == os.SCHED_IDLE)
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "SCHED_IDLE"), reason="only Linux has it")
@pytest.mark.parametrize(("setting", "waits"), [("", "True"), ("false", "False")])
def test_a_worker_waits_for_idle_cores_unless_the_operator_says_no(setting: str, waits: str) -> None:
    environment = {**os.environ, "TWOHEADS_WORKERS_YIELD": setting}
    command = [sys.executable, "-c", STARTED]
    assert subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True).stdout.strip() == waits
