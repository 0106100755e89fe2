"""The script of a sweep times the same models in a fresh Python."""

import re

import pytest

from backend.experiment import Experiment
from backend.questions.speed.job import SpeedJob
from backend.questions.speed.sweep import Sweep
from tests.builders import fresh_python

SMALL = Experiment.model_validate(
    {"architecture": {"timesteps": 2, "lstm": [2], "dense": []}, "training": {"batch": 2, "optimizer": "sgd"}}
)


@pytest.mark.slow
@pytest.mark.parametrize(
    "sweep",
    [
        pytest.param(Sweep(heads=(1, 3), modes=("fit",)), marks=pytest.mark.soak),
        Sweep(heads=(2,), modes=("steps",)),
    ],
    ids=["with the control", "several steps in a call"],
)
def test_it_prints_the_ratio_and_its_interval_of_each_point(sweep):
    printed = fresh_python.printed(SpeedJob.on(SMALL, sweep).script())
    found = re.findall(
        r"^([\w.]+), heads = (\d+): one per head / one for all ([\d.]+), interval ([\d.]+) to ([\d.]+)$", printed, re.M
    )
    assert len(found) == len(printed.splitlines()) == len(sweep.points())
    assert [int(k) for _, k, *_ in found] == [k for _, k in sweep.points()]
    for _, _, ratio, low, high in found:
        assert 0 < float(low) <= float(ratio) <= float(high)
