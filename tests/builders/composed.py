"""The services of compose.yaml as local processes: the same commands, on loopback, without containers."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from harness.local import ROOT, free_port

_VARIABLE = re.compile(r"\$\{(\w+):-([^}]*)\}")


def services(**variables: str) -> dict[str, Any]:
    """The services of compose.yaml, with `variables` or the defaults filled in."""

    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: filled(each) for name, each in value.items()}
        if isinstance(value, list):
            return [filled(each) for each in value]
        if isinstance(value, str):
            return _VARIABLE.sub(lambda found: variables.get(found[1]) or found[2], value)
        return value

    loaded: dict[str, Any] = filled(yaml.safe_load((ROOT / "compose.yaml").read_text())["services"])
    return loaded


def make_certificates(folder: Path) -> None:
    """Run deploy/certificates.py, which is no module of a package."""
    spec = importlib.util.spec_from_file_location("certificates", ROOT / "deploy" / "certificates.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.make(folder)


class Cluster:
    """The scheduler and its workers, with certificates in `folder`. It keeps its address, to go away and come back."""

    def __init__(
        self, folder: Path, workers: int = 1, memory_mb: int = 3000, preload: str = "backend.worker.preload"
    ) -> None:
        self._folder, self._count, self._preload = folder, workers, preload
        self._services = services(TWOHEADS_WORKER_MEMORY_MB=str(memory_mb), TWOHEADS_SCHEDULER="tls://scheduler:8786")
        self.port = free_port()
        make_certificates(folder)

    def __enter__(self) -> Cluster:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables of the app."""
        environment = self._services["app"]["environment"]
        return {name: self._here(value) for name, value in environment.items() if name != "PORT"}

    @property
    def settings(self) -> dict[str, Any]:
        """What a server has to be told."""
        names = ("scheduler", "tls_ca", "tls_cert", "tls_key")
        return {name: self.environment[f"TWOHEADS_{name.upper()}"] for name in names}

    def start(self) -> None:
        """Start all commands; the workers find the scheduler when it is up."""
        self.scheduler = self._start("scheduler")
        self.workers = [self._start("worker") for _ in range(self._count)]

    def stop(self) -> None:
        """Ask all to end and wait for it."""
        for process in (*self.workers, self.scheduler):
            process.terminate()
            process.wait(120)

    def _start(self, name: str) -> subprocess.Popen[bytes]:
        service = self._services[name]
        command = [self._here(word) for word in service["command"]]
        assert command[0] == "python"
        return subprocess.Popen(
            [sys.executable, *command[1:]],
            cwd=self._folder,
            env={
                **os.environ,
                **service["environment"],
                "PYTHONPATH": str(ROOT),
                "TMPDIR": str(self._folder),
                "TF_CPP_MIN_LOG_LEVEL": "3",
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _here(self, word: str) -> str:
        for there, here in {
            "=/tmp": f"={self._folder}",  # before the certificates, which may be in the folder
            "/certificates": str(self._folder),
            "scheduler:8786": f"127.0.0.1:{self.port}",
            "=8786": f"={self.port}",
            "0.0.0.0": "127.0.0.1",
            "backend.worker.preload": self._preload,
        }.items():
            word = word.replace(there, here)
        return word
