"""A run survives JSON, and its epochs are the same live and finished."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from backend.experiment import Experiment
from backend.training.result import Epoch, Losses, Predictions, Run, Snapshot, Timings

_finite = st.floats(0, 1e30)
_floats32 = st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=4, max_size=4)


def epoch(number=1, seed=0, left=1.0, right=2.0):
    def losses(total):
        return Losses(total=total, heads={"level": total / 2, "trend": total / 2})

    return Epoch(seed=seed, epoch=number, left=losses(left), right=losses(right), seconds=0.5)


def run(values, epochs):
    array = np.array(values, np.float32).reshape(2, 2)
    return Run(
        experiment=Experiment(),
        styles=("sequential", "functional"),
        epochs=epochs,
        snapshots=[Snapshot(epoch=0, left={"dense→level": array}, right={"dense→level": array})],
        predictions=Predictions(truth={"level": array}, left={"level": array}, right={"level": array}),
        weights={"left": {"dense": [array, array[0]]}, "right": {}},
        timings=Timings(build=1, trace=2, train=3, step=0.001, steps=40, traced=2),
        versions={"keras": "3"},
        stopped="The loss became NaN or infinite.",
    )


@given(_floats32, st.lists(_finite, min_size=1, max_size=5))
def test_a_run_survives_json_with_the_same_bits(values, totals):
    before = run(values, [epoch(i, left=total) for i, total in enumerate(totals, start=1)])
    after = Run.model_validate_json(before.model_dump_json())
    assert after.epochs == before.epochs
    assert after.experiment == before.experiment
    for there, here in [
        (after.snapshots[0].left["dense→level"], before.snapshots[0].left["dense→level"]),
        (after.predictions.truth["level"], before.predictions.truth["level"]),
        (after.weights["left"]["dense"][1], before.weights["left"]["dense"][1]),
    ]:
        assert there.dtype == np.float32
        np.testing.assert_array_equal(there, here)
    assert after.model_dump_json() == before.model_dump_json()
