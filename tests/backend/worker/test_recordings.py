"""The recordings that tests have in place of workers are what a worker measures today."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel

from backend.config.settings import RECORDINGS
from backend.jobs.recorded import Recording, file_of
from backend.worker.kinds import JOB_KINDS
from backend.worker.record import measured

FILES = sorted(RECORDINGS.glob("*.recording"), key=lambda file: file.stat().st_size)
#: Kinds whose results are times, or a file with its date.
DIFFER = {"speed", "own_timing", "save_model"}
#: The smallest recording of each other kind: it is measured in seconds.
SAMPLE = [
    file for kind, file in {file.name.partition("-")[0]: file for file in reversed(FILES)}.items() if kind not in DIFFER
]
#: What differs each time: seconds, and the machine with its load.
TIMES = {"timings", "seconds", "steps_per_second", "machine"}


def differences(a: Any, b: Any, path: str = "") -> list[str]:
    """Where two values differ by more than round-off, times apart."""
    if is_dataclass(a) and not isinstance(a, type) and type(a) is type(b):
        a, b = ({each.name: getattr(value, each.name) for each in fields(value)} for value in (a, b))
    elif isinstance(a, BaseModel) and type(a) is type(b):
        a, b = dict(a), dict(b)
    if isinstance(a, dict) and isinstance(b, dict) and a.keys() == b.keys():
        return [each for key in a if key not in TIMES for each in differences(a[key], b[key], f"{path}.{key}")]
    if isinstance(a, list | tuple) and isinstance(b, list | tuple) and len(a) == len(b):
        pairs = enumerate(zip(a, b, strict=True))
        return [each for i, (left, right) in pairs for each in differences(left, right, f"{path}[{i}]")]
    if isinstance(a, float | np.ndarray) and np.allclose(a, b, rtol=1e-3, atol=1e-5, equal_nan=True):
        return []
    return [] if a is b or (not isinstance(a, np.ndarray) and a == b) else [f"{path}: {a!r:.80} and {b!r:.80}"]


def test_every_recording_is_found_by_its_payload():
    assert FILES
    for file in FILES:
        recording = Recording.read(file)
        assert file == file_of(RECORDINGS, JOB_KINDS[recording.kind].payload.model_validate(recording.payload))
        assert recording.outcome.state == "finished" or recording.outcome.message, file


@pytest.mark.slow
@pytest.mark.parametrize("file", SAMPLE, ids=lambda file: file.name)
def test_a_recording_is_what_a_worker_measures(file):
    before = Recording.read(file)
    now = measured(JOB_KINDS[before.kind].payload.model_validate(before.payload))
    kinds = [{each["event"] for each in of.events} - {"progress"} for of in (now, before)]  # which comes by the clock
    assert kinds[0] == kinds[1]
    assert now.outcome.message == before.outcome.message
    results = (each.outcome.result.open() if each.outcome.result else None for each in (now, before))
    assert not differences(*results)
