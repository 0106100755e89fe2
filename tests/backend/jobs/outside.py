"""A Dask scheduler and workers as an operator starts them, with certificates in files, on loopback."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from distributed import Security

from backend.config.settings import Settings
from backend.jobs import JobManager
from harness.local import ROOT, free_port
from tests.backend.jobs.helpers import QUICK
from tests.deploy.composed import services

#: The two clusters that the same tests have to pass on. What the server decides is the same on both, so `make test` has
#: one; `test_outside.py` has what is an operator's own.
WHERE = ["embedded", pytest.param("outside", marks=pytest.mark.soak)]


class Outside:
    """Keeps its address, so that it can go away and come back."""

    def __init__(self, folder: Path, workers: int = 2, memory_mb: int = 3000, preload: str = QUICK) -> None:
        self._folder, self._count, self._memory_mb, self._preload = folder, workers, memory_mb, preload
        self._port = free_port()
        temporary = Security.temporary()
        self._tls = {
            "tls_ca": temporary.tls_ca_file,
            "tls_cert": temporary.tls_client_cert,
            "tls_key": temporary.tls_client_key,
        }
        for name, text in self._tls.items():
            (folder / name).write_text(text)

    @property
    def settings(self) -> dict[str, Any]:
        """What the server has to be told."""
        files = {name: self._folder / name for name in self._tls}
        return {"scheduler": f"tls://127.0.0.1:{self._port}", **files}

    def start(self) -> None:
        """Start both commands; the workers find the scheduler when it is up."""
        self.scheduler = self._command("dask_scheduler", "--port", str(self._port))
        self.workers = self.start_worker(self._count)

    def start_worker(self, count: int = 1) -> subprocess.Popen[bytes]:
        """Start the command for so many more workers, which end with it."""
        workers = ["--nworkers", str(count), "--nthreads", "1", "--preload", self._preload]
        workers += ["--memory-limit", f"{self._memory_mb}MiB"]
        return self._command("dask_worker", self.settings["scheduler"], *workers)

    def stop(self) -> None:
        """Ask both to end and wait for it."""
        for process in (self.workers, self.scheduler):
            process.terminate()
            process.wait(120)

    def _command(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        ca, certificate, key = (str(self._folder / name) for name in self._tls)
        tls = ["--tls-ca-file", ca, "--tls-cert", certificate, "--tls-key", key]
        loopback = ["--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0"]
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{name}", *arguments, *tls, *loopback],
            cwd=self._folder,
            env={
                **os.environ,
                **services()["worker"]["environment"],
                "PYTHONPATH": str(ROOT),
                "TMPDIR": str(self._folder),
            },
        )


@contextmanager
def jobs_on(
    where: str, folder: Path, make: Callable[[Settings], JobManager], preload: str = QUICK, **bounds: int
) -> Iterator[JobManager]:
    """Started jobs with settings of these `bounds`, on our own cluster or on an operator's; both are stopped."""
    outside = None
    if where == "outside":
        outside = Outside(folder, bounds["workers"], bounds.get("worker_memory_mb", 3000), preload)
        bounds = outside.settings | bounds
    jobs = make(Settings(**bounds))
    jobs.start()
    if outside:
        outside.start()
    try:
        yield jobs
    finally:
        jobs.stop()
        if outside:
            outside.stop()
