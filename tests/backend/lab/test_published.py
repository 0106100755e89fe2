"""The outcomes that are published or exact, at the full settings; each test takes seconds of one core."""

import numpy as np
import pytest

from backend.lab.descent import aggregator, run, scalarizer
from backend.lab.problems import PROBLEMS
from backend.lab.problems.concave_front import concave_front_starts
from backend.lab.problems.one_neuron import one_neuron_starts
from backend.lab.questions.trade_offs import weightings
from tests.backend.lab.test_problems import one_neuron_optimum

FAMO, CAGRAD = PROBLEMS["famo_toy"], PROBLEMS["cagrad_toy"]
CONCAVE, NEURON = PROBLEMS["concave_front"], PROBLEMS["one_neuron"]


def on_the_front(problem, path):
    return (problem.distance(path.end) <= problem.tolerance).tolist()


@pytest.mark.soak
@pytest.mark.takes("50,000 steps of seven methods, as published: 11 s of a core, 50 s on two busy ones")
def test_famos_toy_who_reaches_the_front_from_how_many_of_five_starts():
    entries = {key: aggregator(key) for key in ("mean", "mgda", "nash", "imtl_g", "pcgrad")}
    entries |= {"cagrad": aggregator("cagrad", c=0.4), "famo": scalarizer("famo", lowest=FAMO.lowest, decay=0.0)}
    reached = {
        key: on_the_front(FAMO, path) for key, path in run(FAMO, entries, rate=FAMO.rate, steps=FAMO.steps).items()
    }
    four, five = [True, True, False, True, True], [True] * 5
    assert reached == {
        "mean": four, "mgda": five, "nash": five, "imtl_g": five, "pcgrad": four, "cagrad": four, "famo": five,
    }  # fmt: skip


@pytest.mark.soak
@pytest.mark.takes("100,000 steps of two methods, as published: 17 s of a core, 36 s on two busy ones")
def test_cagrads_toy_where_cagrad_and_the_mean_end():
    paths = run(
        CAGRAD,
        {"mean": aggregator("mean"), "cagrad": aggregator("cagrad", c=0.5)},
        rate=CAGRAD.rate,
        steps=CAGRAD.steps,
    )
    assert CAGRAD.losses(paths["cagrad"].end).mean(axis=0) == pytest.approx([-15.09] * 3, abs=0.05)
    first, second, third = CAGRAD.losses(paths["mean"].end).mean(axis=0)
    assert first > 0
    assert third > 0
    assert second == pytest.approx(-15.09, abs=0.05)


def test_the_concave_front_fixed_weights_end_near_an_end_and_stch_in_the_middle():
    weights, starts = weightings(2, 21), concave_front_starts(5)
    fixed = scalarizer("fixed", weights=np.tile(weights, 5))
    swept = run(CONCAVE, {"it": fixed}, rate=1e-2, steps=1_000, start=np.repeat(starts, 21, axis=1))["it"].end
    assert CONCAVE.distance(swept) == pytest.approx(0, abs=CONCAVE.tolerance)
    losses = np.sort(CONCAVE.losses(swept), axis=0)
    assert losses[0] == pytest.approx(0, abs=0.006)
    assert losses[1] == pytest.approx(0.9817, abs=0.006)

    smooth = run(CONCAVE, {"it": scalarizer("stch", smoothing=0.1)}, rate=1e-2, steps=1_000)["it"].end
    assert CONCAVE.losses(smooth) == pytest.approx(0.6321, abs=1e-3)


def test_three_heads_on_one_neuron_fixed_weights_and_the_best_possible():
    """Descent ends at the exact optimum of its weights; no weights reach 0.70, and STCH does."""
    weights = weightings(3, 21)
    count = weights.shape[1]
    fixed = scalarizer("fixed", weights=np.tile(weights, 3))
    end = run(NEURON, {"it": fixed}, rate=1e-2, steps=1_500, start=np.repeat(one_neuron_starts(3), count, axis=1))[
        "it"
    ].end
    total = (np.tile(weights, 3) * NEURON.losses(end)).sum(axis=0)
    least = (weights * NEURON.losses(one_neuron_optimum(weights))).sum(axis=0)
    assert total == pytest.approx(np.tile(least, 3), abs=1e-5)
    worst = NEURON.losses(end).max(axis=0)
    assert worst.min() == pytest.approx(0.781, abs=1e-3)
    assert worst.min() > 23 / 30 > 0.7

    smooth = run(NEURON, {"it": scalarizer("stch", smoothing=0.01)}, rate=1e-2, steps=2_000)["it"].end
    assert NEURON.losses(smooth).max(axis=0) == pytest.approx(0.7, abs=5e-4)
    assert NEURON.distance(smooth) == pytest.approx(0, abs=NEURON.tolerance)


@pytest.mark.slow
def test_ten_times_the_published_rate_frees_the_mean_of_cagrads_toy():
    """Being stuck is a matter of the rate, too: the verdict says so."""
    path = run(CAGRAD, {"it": aggregator("mean")}, rate=1e-2, steps=12_000)["it"]
    assert on_the_front(CAGRAD, path) == [True] * 3
