"""Training with the methods of `two_heads.weightings`: scripts print the same losses, and runs have the same bits."""

import numpy as np
import pytest

from backend.training.export import script
from tests.backend.worker.trainings import bits, curve, experiment, run
from tests.builders import fresh_python

HEADS = [
    {"name": "one", "task": "level"},
    {"name": "two", "task": "last", "units": 2},
    {"name": "three", "task": "trend"},
]
#: Heads that no fused output can have: both styles train with the method.
UNLIKE = [*HEADS[:2], {"name": "three", "task": "trend", "loss": "mae", "hidden": [3]}]


def setting(method, **changes):
    usual = {"heads": HEADS, "right": "subclassing", "learning_rate": 0.01, "epochs": 4}
    return experiment(combine=method, **({"samples": 90} | usual | changes))


# A trained variable (UW), an epoch's losses (DWA), noise (RLW), losses after the step (FAMO), the last shared layer
# (GradNorm), and gradients with a random order (PCGrad): every way in which a method takes part in a step.
@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "changes"),
    [
        *(pytest.param(method, {}, marks=pytest.mark.soak) for method in ("uw", "gradnorm", "famo", "dwa", "rlw")),
        ("pcgrad", {"heads": HEADS[:2], "epochs": 2, "samples": 60}),
        pytest.param(
            "pcgrad", {"heads": UNLIKE, "left": "functional", "epochs": 2, "samples": 60}, marks=pytest.mark.soak
        ),
    ],
)
def test_the_script_prints_the_losses_that_the_trainer_draws(method, changes):
    where = setting(method, **changes)
    source = script(where)
    if method == "pcgrad":  # it takes long to trace, and a script trains once more to measure the round-off
        source = source.replace("ROUND_OFF = True", "ROUND_OFF = False")
    printed = fresh_python.printed(source)
    rows = [line.split(": ")[1].split() for line in printed.splitlines() if line.startswith("epoch")]
    left, right, _, val_left, val_right = np.array(rows, float).T
    round_off = max(fresh_python.round_off(printed), default=1e-5)
    assert round_off < 1e-3
    result = run(where)
    for ours, theirs in (
        (curve(result, "left"), left),
        (curve(result, "right"), right),
        (curve(result, "left", "val_total"), val_left),
        (curve(result, "right", "val_total"), val_right),
    ):
        np.testing.assert_allclose(ours, theirs, rtol=max(1e-5, 10 * round_off))


@pytest.mark.slow
@pytest.mark.parametrize("method", [pytest.param("pcgrad", marks=pytest.mark.soak), "uw"])
def test_no_bit_depends_on_the_calls_or_on_what_was_trained_before(method):
    where = setting(method, epochs=3, seeds=2, samples=80)  # all batches are full, so that fewer graphs are traced
    first, *others = (run(where, chunk_seconds=seconds) for seconds in (0, 1e9, 0.003))
    for other in others:
        assert bits(other) == bits(first)
    assert others[0].timings.traced == 0
    one, other = (np.array([epoch.right.total for epoch in first.epochs if epoch.seed == seed]) for seed in (5, 6))
    assert not np.allclose(one, other), "each seed starts the method again"
    alone = run(where.model_copy(update={"training": where.training.model_copy(update={"seed": 6, "seeds": 1})}))
    np.testing.assert_array_equal(curve(alone, "right"), other)
