"""Question 5 measured with Keras: the same bits each time, and the figures of the script in plain Keras."""

import re
from functools import cache

import numpy as np
import pytest

from backend.jobs.runtime import Cancelled
from backend.lab.questions.beat import Evidence, Settings
from backend.lab.questions.beat.compare import difference, reference
from backend.lab.questions.beat.script import code
from backend.lab.questions.beat.verdict import judge
from backend.worker.lab_questions.beat import measure
from tests import fresh_python
from tests.backend.worker.trainings import experiment

pytestmark = pytest.mark.slow
#: A method that keeps a state, part of which the optimizer trains.
BRIEF = Settings(methods=("uw",), levels=3, rates=(0.001, 0.03), tuning=1, samples=64, epochs=3)


@cache
def measured():
    shares = []
    return measure(BRIEF, shares.append), shares


def test_every_entry_is_tuned_and_tested_and_progress_rises_to_one():
    evidence, shares = measured()
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert Evidence.model_validate_json(evidence.model_dump_json()) == evidence
    assert [each.title for each in evidence.fixed] == ["100 : 1", "1 : 1", "1 : 100"]
    for each in (*evidence.fixed, *evidence.methods):
        assert np.shape(each.tuned) == (2, 1, 2)
        assert np.shape(each.tested) == (10, 2)
        scores = np.log(each.tuned).mean(axis=(1, 2))
        assert each.rate == BRIEF.rates[int(scores.argmin())]
    assert len({each.tested for each in evidence.fixed}) == 3, "weights change what is learned"
    first, last = (np.log(evidence.fixed[i].tested).mean(axis=0) for i in (0, -1))
    assert first[0] < last[0], "the emphasised head has the lower loss"
    assert first[1] > last[1]


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


def test_three_heads_with_a_smaller_last_batch_and_a_rate_that_diverges():
    own = Settings(problem="own", methods=("dwa",), rates=(0.01, 10.0), tuning=1, samples=72, epochs=5)
    three = [{"name": name, "task": "level"} for name in ("one", "two", "three")]
    evidence = measure(own.on(experiment(three, timesteps=2, optimizer="sgd", dense=())))
    assert len(evidence.fixed) == 4
    assert {len(losses) for each in evidence.methods for losses in each.tested} == {3}
    for each in (*evidence.fixed, *evidence.methods):
        assert np.isnan(each.tuned[1]).all()
        assert each.rate == 0.01
        assert np.isfinite(each.tested).all()
    assert judge(evidence).table[0]["method"].startswith("fixed weights")


def test_a_cancelled_measurement_ends_at_once():
    calls = []

    def cancel(share):
        calls.append(share)
        raise Cancelled

    with pytest.raises(Cancelled):
        measure(BRIEF, cancel)
    assert calls == [0]
