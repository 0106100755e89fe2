"""The script counts the batches in conflict that a worker counts, in a fresh Python."""

import re

import pytest

from backend.questions.gradients.job import GradientsJob
from backend.worker.gradients import gradients
from tests.backend.worker.trainings import REGRESSION, Recorder, experiment
from tests.builders import fresh_python


@pytest.mark.slow
@pytest.mark.parametrize(
    "setting",
    [
        experiment(epochs=1, samples=50),
        pytest.param(experiment(REGRESSION, epochs=2, samples=50, right="functional_fused"), marks=pytest.mark.soak),
    ],
    ids=["two heads", "trained as one output"],
)
def test_it_prints_the_counts_of_the_verdict(setting):
    asked = GradientsJob.on(setting)
    printed = fresh_python.printed(asked.script())
    found = gradients(asked, Recorder())
    of_pairs = [found.counts([pair]) for pair in found.pairs()]
    counts = [(int(some), int(whole)) for some, whole in re.findall(r"(\d+) of (\d+)", printed)]
    assert len(counts) == len(of_pairs) + 1
    for ours, theirs in zip(counts, [*of_pairs, found.counts(found.pairs())], strict=True):
        assert ours[1] == theirs[1]
        assert abs(ours[0] - theirs[0]) <= 1, "round-off can turn the sign of a product"
