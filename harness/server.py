"""The app's server in a process of its own."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from harness.local import ROOT, free_port, until


@dataclass(frozen=True)
class ExternalServer:
    """A server that is running already, at `address` (host:port)."""

    address: str


class Server:
    """`streamlit run app.py` with the Python that runs this, on the loopback `port` (by default, a free one).

    `log` is the file for its output, `environment` is added to this process's own, and `base` is the base path, such as
    "/heads". `descriptors` are the soft and the hard limit of its open files. The server starts at once;
    `wait_until_healthy` waits for it.

    With 0 `workers`, it starts no worker process, and no job ever runs: no scheduler listens at the configured address.
    A test that needs no worker saves the seconds in which one would load Keras.
    """

    def __init__(
        self, log: Path, workers: int = 2, environment: Mapping[str, str] | None = None, port: int | None = None,
        base: str = "", descriptors: tuple[int, int] | None = None,
    ) -> None:  # fmt: skip
        self.log, self.base = log, base
        self.address = f"127.0.0.1:{port or free_port()}"
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
        command += ["--server.address", "127.0.0.1", "--server.port", self.address.rpartition(":")[2]]
        with log.open("w") as file:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
                | ({"TWOHEADS_WORKERS": str(workers)} if workers else _no_scheduler())
                | dict(environment or {}),
                stdout=file,
                stderr=subprocess.STDOUT,
                preexec_fn=partial(_prepare, descriptors),
            )

    @property
    def url(self) -> str:
        """The server's address as a URL, without the base path."""
        return f"http://{self.address}"

    def wait_until_healthy(self) -> None:
        """Wait until the server answers. Raises AssertionError, with its log, when it exits or takes too long."""
        try:
            until(self._healthy, "a healthy server")
        except AssertionError as error:
            raise AssertionError(f"{error}; its log:\n{self.log.read_text()}") from None

    def family(self) -> list[psutil.Process]:
        """The server's process, first, and all its descendants."""
        me = psutil.Process(self._process.pid)
        return [me, *me.children(recursive=True)]

    def terminate(self) -> None:
        """Send SIGTERM, as a container engine does: the server drains, then stops."""
        self._process.terminate()

    def stop(self) -> list[psutil.Process]:
        """Interrupt the server (Ctrl-C) and return the processes of its family that outlive it. They are killed."""
        if self._process.poll() is not None:
            return []
        family = self.family()
        self._process.send_signal(signal.SIGINT)
        left: list[psutil.Process] = psutil.wait_procs(family, timeout=90)[1]
        for process in left:
            process.kill()
        self._process.wait(10)
        return left

    def _healthy(self) -> bool:
        assert self._process.poll() is None, "the server has stopped"
        try:
            with urllib.request.urlopen(f"{self.url}{self.base}/_stcore/health", timeout=5) as answer:
                return bool(answer.read() == b"ok")
        except OSError:
            return False


def _no_scheduler() -> dict[str, str]:
    """Settings of a server whose scheduler is on a port where nobody answers. The TLS files only have to exist."""
    settings = {"TWOHEADS_SCHEDULER": "tls://127.0.0.1:1"}
    return settings | dict.fromkeys(("TWOHEADS_TLS_CA", "TWOHEADS_TLS_CERT", "TWOHEADS_TLS_KEY"), str(Path(__file__)))


def _prepare(descriptors: tuple[int, int] | None) -> None:
    """Runs in the new process, before Python starts in it."""
    if descriptors is not None:
        resource.setrlimit(resource.RLIMIT_NOFILE, descriptors)
    if sys.platform == "linux":
        _interrupt_with_parent()


def _interrupt_with_parent() -> None:
    """Have Linux interrupt the server when the process that started it ends, even by `kill -9`."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGINT)
