"""What a worker's log has, and what it has not: its end is no error, nor what TensorFlow says when it is imported."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys

import pytest
from distributed import Scheduler, Worker

from backend.worker.preload import silence_errors_of_closing, without_greeting
from harness.local import ROOT


async def _close_in_mid_heartbeat(*, quiet: bool) -> None:
    arrived = asyncio.Event()

    async def never_answer(**_: object) -> None:
        arrived.set()
        await asyncio.Event().wait()

    async with Scheduler(host="127.0.0.1", port=0, dashboard=False) as scheduler:
        async with Worker(scheduler.address, host="127.0.0.1", dashboard=False, heartbeat_interval="1h") as worker:
            if quiet:
                silence_errors_of_closing(worker)
            scheduler.handlers["heartbeat_worker"] = never_answer
            beat = asyncio.create_task(worker.heartbeat())
            await arrived.wait()
        await beat


@pytest.mark.parametrize("quiet", [False, True])
def test_a_heartbeat_that_fails_while_the_worker_closes_is_not_logged(quiet, caplog):
    logger = logging.getLogger("distributed.worker")
    filters = logger.filters.copy()
    caplog.set_level(logging.ERROR, "distributed.worker")
    try:
        asyncio.run(_close_in_mid_heartbeat(quiet=quiet))
    finally:
        logger.filters = filters
    said = [record.message for record in caplog.records if record.name == "distributed.worker"]
    assert bool(said) is not quiet, "Dask complains; else the filter is no longer needed"


def test_only_the_greeting_of_tensorflow_is_not_logged(capfd):
    with without_greeting():
        os.write(2, b"WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n")
        os.write(2, b"I0000 port.cc:153] oneDNN custom operations are on. You may see\nE0000 something is wrong\n")
    os.write(2, b"later\n")
    assert capfd.readouterr().err == "E0000 something is wrong\nlater\n"


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
def test_if_native_code_crashes_a_worker_the_log_has_the_line_that_called_it() -> None:
    command = [sys.executable, "-c", f"{STARTED}\nimport ctypes\nctypes.string_at(0)"]
    crashed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert crashed.returncode < 0
    assert "Segmentation fault" in crashed.stderr
    assert "in string_at" in crashed.stderr


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "SCHED_IDLE"), reason="only Linux has it")
@pytest.mark.parametrize(("setting", "waits"), [("", "True"), ("false", "False")])
def test_a_worker_waits_for_idle_cores_unless_the_operator_says_no(setting: str, waits: str) -> None:
    environment = {**os.environ, "TWOHEADS_WORKERS_YIELD": setting}
    command = [sys.executable, "-c", STARTED]
    assert subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True).stdout.strip() == waits
