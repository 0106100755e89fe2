"""The machine on which something was measured. A time in seconds means little without it."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import BaseModel, ConfigDict

_PACKAGES = ("keras", "tensorflow", "tensorflow-cpu", "numpy")


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


def this_machine() -> Machine:
    """The machine that this process runs on."""
    versions = {"Python": platform.python_version()}
    for package in _PACKAGES:
        try:
            versions[_title(package)] = version(package)
        except PackageNotFoundError:
            continue
    return Machine(
        cpu=_cpu(),
        cores=os.cpu_count() or 1,
        system=f"{platform.system()} {platform.machine()}",
        versions=versions,
        load=round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else 0.0,
    )


def _title(package: str) -> str:
    return {"keras": "Keras", "numpy": "NumPy"}.get(package, "TensorFlow")


def _cpu() -> str:
    """The name of the processor, or its architecture if the system does not give the name."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return " ".join(next(names, platform.machine()).split())
