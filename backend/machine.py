"""The machine on which something was measured. A time in seconds means little without it."""

from __future__ import annotations

import os
import platform
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import BaseModel, ConfigDict

_TITLES = {"keras": "Keras", "tensorflow": "TensorFlow", "numpy": "NumPy"}


class Machine(BaseModel):
    """A machine and its software. `load` is the load average of the last minute when the measurement began."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cpu: str
    cores: int
    system: str
    versions: dict[str, str]
    load: float

    @property
    def name(self) -> str:
        """The machine in a few words."""
        return f"{self.cpu}, {self.cores} {'core' if self.cores == 1 else 'cores'}, {self.system}"

    @property
    def software(self) -> str:
        """The software with its versions, in a few words."""
        return ", ".join(f"{name} {number}" for name, number in self.versions.items())


@cache
def installed() -> dict[str, str]:
    """The versions of Keras, TensorFlow and NumPy, without importing them."""
    found = {}
    for package in ("keras", "tensorflow", "tensorflow-cpu", "numpy"):  # TensorFlow has two package names
        with suppress(PackageNotFoundError):
            found[package.removesuffix("-cpu")] = version(package)
    return found


def this_machine() -> Machine:
    """The machine that this process runs on."""
    packages = {_TITLES[name]: number for name, number in installed().items()}
    return Machine(
        cpu=_cpu(),
        cores=os.cpu_count() or 1,
        system=f"{platform.system()} {platform.machine()}",
        versions={"Python": platform.python_version(), **packages},
        load=round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else 0.0,
    )


def _cpu() -> str:
    """The name of the processor, or its architecture if the system does not give the name."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return " ".join(next(names, platform.machine()).split())
