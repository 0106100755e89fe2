"""The services of compose.yaml as local processes: the same commands, on loopback, without containers."""

from __future__ import annotations

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


class Cluster:
    """The scheduler and its workers, which run until the end of a `with`."""

    def __init__(self, folder: Path, certificates: Path, workers: int = 2) -> None:
        self._folder, self._certificates, self._workers = folder, certificates, workers
        self._processes: list[subprocess.Popen[bytes]] = []
        self.port = free_port()

    def __enter__(self) -> Cluster:
        for name in ("scheduler", *["worker"] * self._workers):
            self._processes.append(self._start(name))
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self._processes):
            process.terminate()
        for process in self._processes:
            process.wait(30)

    def app(self) -> dict[str, str]:
        """The environment variables of the app."""
        environment = services(TWOHEADS_SCHEDULER="tls://scheduler:8786")["app"]["environment"]
        return {name: self._here(value) for name, value in environment.items() if name != "PORT"}

    def _start(self, name: str) -> subprocess.Popen[bytes]:
        service = services()[name]
        command = [self._here(word) for word in service["command"]]
        assert command[0] == "python"
        return subprocess.Popen(
            [sys.executable, *command[1:]],
            cwd=ROOT,
            env={**os.environ, **service["environment"], "TF_CPP_MIN_LOG_LEVEL": "3"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _here(self, word: str) -> str:
        for there, here in {
            "=/tmp": f"={self._folder}",  # before the certificates, which may be in the folder
            "/certificates": str(self._certificates),
            "scheduler:8786": f"127.0.0.1:{self.port}",
            "=8786": f"={self.port}",
            "0.0.0.0": "127.0.0.1",
        }.items():
            word = word.replace(there, here)
        return word
