"""Question 2 as a worker measures it: the gradients of the My model panel, and the script's figures."""

import re

import numpy as np
import pytest

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.dataset import Sequences
from backend.experiment.training import Training
from backend.jobs.runtime import Context
from backend.questions.gradients.job import GradientsJob
from backend.questions.lab.conflict.evidence import Settings
from backend.questions.lab.conflict.script import code
from backend.worker.gradients import gradients
from backend.worker.lab_questions.conflict import measure
from tests.builders.fresh_python import printed

pytestmark = pytest.mark.slow

TINY = Experiment(
    architecture=Architecture(
        timesteps=3, lstm=(3,), dense=(), heads=(Head.for_task("spike"), Head(name="level"), Head(name="last"))
    ),
    sequences=Sequences(samples=40, seed=3),
    training=Training(batch=16, seed=5, epochs=1),
)


def few(settings):
    """With fewer seeds than a visitor can choose."""
    return settings.model_copy(update={"seeds": 2})


def test_the_pairs_of_a_network_are_measured_as_in_the_panel_and_the_script_prints_the_same():
    settings = few(Settings(problem="own", epochs=1).on(TINY))
    shares = []
    evidence = measure(settings, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1)

    panel = gradients(GradientsJob(experiment=TINY), Context())
    for series, pair in zip(evidence.series, settings.pairs, strict=True):
        expected = [each.cosine(pair) for each in panel.measurements]
        assert series.cosines[0] == pytest.approx(expected, abs=1e-3)

    pattern = re.compile(r"(\w+) and (\w+): ([\d.]+) of the batches in conflict, cosine ([-\d.]+)")
    lines = pattern.findall(printed(code(settings)))
    assert [(one, other) for one, other, *_ in lines] == [series.heads for series in evidence.series]
    for series, (*_, rate, cosine) in zip(evidence.series, lines, strict=True):
        assert float(rate) == pytest.approx(np.median(series.of_seeds("rates")), abs=1e-3)
        assert float(cosine) == pytest.approx(np.median(series.of_seeds("cosines")), abs=1e-3)
