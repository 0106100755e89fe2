"""Measurements that tests in several files need, such as those with Keras. Each is made once per test run.

The processes of a run share the results in a folder that the first process makes (see `conftest.py`).
"""

from __future__ import annotations

import fcntl
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
FOLDER = "TESTS_SHARED_FOLDER"


def once(name: str, measure: Callable[[], T]) -> T:
    """What `measure` returns; each caller gets a copy. The first process that requests `name` measures, others wait."""
    path = Path(os.environ[FOLDER], name)
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            path.write_bytes(pickle.dumps(measure()))
    result: T = pickle.loads(path.read_bytes())
    return result
