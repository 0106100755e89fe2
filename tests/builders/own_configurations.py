"""The configurations of the models of `own_models.py`, for tests of pages, which import no Keras (see the Makefile)."""

from __future__ import annotations

import json
import subprocess
import sys

from harness.local import ROOT
from tests.builders.shared import once


def configuration(name: str) -> str:
    """What `to_json()` of this model returns."""
    return once("configurations", _written)[name]


def _written() -> dict[str, str]:
    command = [sys.executable, "-m", "tests.builders.own_models"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=240)
    configurations: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return configurations
