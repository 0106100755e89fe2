"""What tests of several files measure, for instance with Keras, once in a run of the tests.

The processes of a run share it in a folder of the first one (see `conftest.py`).
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
    """What `measure` returns, as a copy of its own. The first process that asks for `name` measures, others wait."""
    path = Path(os.environ[FOLDER], name)
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            path.write_bytes(pickle.dumps(measure()))
    result: T = pickle.loads(path.read_bytes())
    return result
