"""A real server of the app as its own process."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from tests.around import ROOT, free_port, until


@dataclass(frozen=True)
class Standing:
    """A server that others have started, at `address` (host:port)."""

    address: str


class Server:
    """`streamlit run app.py` on a free loopback port, under the Python that runs the tests."""

    def __init__(
        self, log: Path, workers: int = 2, environment: Mapping[str, str] | None = None, port: int | None = None,
        base: str = "",
    ) -> None:  # fmt: skip
        self.log, self.base = log, base
        self.address = f"127.0.0.1:{port or free_port()}"
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
        command += ["--server.address", "127.0.0.1", "--server.port", self.address.rpartition(":")[2]]
        with log.open("w") as file:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, "TWOHEADS_WORKERS": str(workers), "TF_CPP_MIN_LOG_LEVEL": "3"}
                | dict(environment or {}),
                stdout=file,
                stderr=subprocess.STDOUT,
                preexec_fn=_end_with_the_tests if sys.platform == "linux" else None,
            )

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    def wait_until_healthy(self) -> None:
        until(self._healthy, f"a healthy server; its log:\n{self.log.read_text()}")

    def family(self) -> list[psutil.Process]:
        """The server's process and all below it."""
        me = psutil.Process(self._process.pid)
        return [me, *me.children(recursive=True)]

    def terminate(self) -> None:
        """Ask it to stop as a container engine does; it drains first."""
        self._process.terminate()

    def stop(self) -> list[psutil.Process]:
        """End it as an operator would (Ctrl-C); returns what of its family is left, and kills that."""
        if self._process.poll() is not None:
            return []
        family = self.family()
        self._process.send_signal(signal.SIGINT)
        left: list[psutil.Process] = psutil.wait_procs(family, timeout=20)[1]
        for process in left:
            process.kill()
        self._process.wait(10)
        return left

    def _healthy(self) -> bool:
        assert self._process.poll() is None, self.log.read_text()
        try:
            with urllib.request.urlopen(f"{self.url}{self.base}/_stcore/health", timeout=5) as answer:
                return bool(answer.read() == b"ok")
        except OSError:
            return False


def _end_with_the_tests() -> None:
    """The kernel sends the server a Ctrl-C when the tests' process ends, also if that is killed."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGINT)
