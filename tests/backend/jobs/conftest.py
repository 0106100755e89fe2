"""Real worker processes, shared by the tests of a module: Jobs on its own cluster, and on an outside scheduler."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from distributed import Security

from backend.jobs import Jobs
from backend.settings import Settings
from tests.backend.jobs.helpers import KINDS, ROOT, all_warm, until

#: A fresh worker takes some 620 MB; a job that keeps 500 more has it renewed.
BOUNDS = {"recycle_rss_mb": 1000, "recycle_traced": 5}


@contextmanager
def embedded_jobs(_: Path) -> Iterator[Jobs]:
    jobs = Jobs(Settings(workers=2, **BOUNDS), KINDS)
    jobs.start()
    try:
        yield jobs
    finally:
        jobs.stop()


@contextmanager
def outside_jobs(folder: Path) -> Iterator[Jobs]:
    """A scheduler and two workers as an operator starts them, with certificates in files."""
    temporary = Security.temporary()
    files = {
        "tls_ca": temporary.tls_ca_file,
        "tls_cert": temporary.tls_client_cert,
        "tls_key": temporary.tls_client_key,
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    paths = {name: folder / name for name in files}
    tls = ["--tls-ca-file", paths["tls_ca"], "--tls-cert", paths["tls_cert"], "--tls-key", paths["tls_key"]]
    common = ["--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0", *tls]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tls://127.0.0.1:{port}"
    preload = ["--preload", "backend.worker.preload"]
    commands = [
        ["distributed.cli.dask_scheduler", "--port", str(port), *common],
        ["distributed.cli.dask_worker", address, "--nworkers", "2", "--nthreads", "1", *preload, *common],
    ]
    jobs = Jobs(Settings(scheduler=address, **paths, **BOUNDS), KINDS)
    jobs.start()  # before there is a scheduler: it keeps trying
    until(lambda: jobs.status.state == "unavailable")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder)}
    processes = [
        subprocess.Popen([sys.executable, "-m", *command], cwd=folder, env=environment) for command in commands
    ]
    try:
        yield jobs
    finally:
        jobs.stop()
        for process in reversed(processes):
            process.terminate()
        for process in processes:
            process.wait(30)


@pytest.fixture(scope="module", params=[embedded_jobs, outside_jobs], ids=["embedded", "outside"])
def started(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jobs]:
    with request.param(tmp_path_factory.mktemp("cluster")) as jobs:
        yield jobs


@pytest.fixture
def jobs(started: Jobs) -> Jobs:
    """Jobs with two warm, idle workers."""
    until(lambda: all_warm(started) and not any(worker.job for worker in started.workers()))
    assert started.status.state == "ready"
    return started
