"""Question 5 measured with Keras: the same bits each time, and the figures of the script in plain Keras."""

import re
from functools import cache

import numpy as np
import pytest

from backend.questions.lab.beat import Settings
from backend.questions.lab.beat.compare import difference, reference
from backend.questions.lab.beat.script import code
from backend.worker.lab_questions.beat import measure
from tests.builders import fresh_python

pytestmark = pytest.mark.slow
#: A method that keeps a state, part of which the optimizer trains.
BRIEF = Settings(methods=("uw",), levels=3, rates=(0.001, 0.03), tuning=1, samples=64, epochs=3)


@cache
def measured():
    shares = []
    return measure(BRIEF, shares.append), shares


def test_the_script_in_plain_keras_prints_the_figures_of_the_evidence():
    evidence, _ = measured()
    text = fresh_python.printed(code(BRIEF))
    found = [
        (float(rate), float(a), float(b))
        for rate, a, b in re.findall(r": rate ([\d.]+), median losses ([\d.]+) ([\d.]+)", text)
    ]
    expected = [(each.rate, *np.median(each.tested, axis=0)) for each in (*evidence.fixed, *evidence.methods)]
    assert np.array(found) == pytest.approx(np.array(expected), rel=1e-3)
    (change,) = re.findall(r"losses: ([-+][\d.]+) %", text)
    assert float(change) == pytest.approx(100 * difference(evidence, evidence.methods[0]).median, abs=0.02)
    best = reference(evidence)
    weights = [round(weight / min(best.weights), 2) for weight in best.weights]
    assert f"tuned fixed weights: {weights}" in text
