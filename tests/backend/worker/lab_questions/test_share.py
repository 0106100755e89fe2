"""Question 6 in Keras: sizes as Keras counts them, and the losses that plain Keras reaches in the script."""

import re

import pytest

from backend.lab.sharing.models import MODELS, sizes
from backend.questions.lab import share
from backend.questions.lab.share.evidence import Settings
from backend.worker.build import build
from backend.worker.lab_questions.share import measure
from tests.builders.fresh_python import printed

#: With fewer points than a visitor can choose.
TINY = Settings(models=("cgc",), samples=80, rates=(0.01,), epochs=2, seeds=8).model_copy(
    update={"relatedness": (1.0,)}
)


@pytest.mark.slow
@pytest.mark.parametrize("units", [8, 9, 16, 32])
def test_the_parameters_are_those_that_keras_counts(units):
    for key, size in sizes(units).items():
        assert build(MODELS[key].source(size)).count_params() == MODELS[key].parameters(size)


@pytest.mark.soak
def test_the_script_in_plain_keras_prints_the_figures_of_the_evidence():
    evidence = measure(TINY, lambda share: None)
    text = printed(share.code(TINY))
    pattern = r"  (\w+): (\d+) parameters, rate ([\d.]+), (\d+) epochs, losses ([\d.]+) ([\d.]+), change ([-+\d.]+)"
    rows = re.findall(pattern, text)
    assert [row[0] for row in rows] == ["separate", "hard", "cgc"]
    counts = TINY.parameters()
    for key, count, rate, epochs, a, b, change in rows:
        runs = evidence.of(key, 1.0)
        assert int(count) == counts[key]
        assert (float(rate), int(epochs)) == (runs.rate, runs.epochs)
        assert (float(a), float(b)) == pytest.approx((runs.mean(0), runs.mean(1)), rel=1e-3)
        if key != "separate":
            (found,) = evidence.changes(key)
            assert float(change) == pytest.approx(found.median, abs=2e-3)
