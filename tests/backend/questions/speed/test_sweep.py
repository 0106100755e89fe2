"""The settings of a sweep."""

import pytest
from pydantic import ValidationError

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.questions.speed.sweep import Sweep, timed_settings, with_heads


@pytest.mark.parametrize(
    "wrong",
    [
        {"heads": ()},
        {"heads": (0,)},
        {"heads": (65,)},
        {"heads": tuple(range(1, 10))},
        {"modes": ()},
        {"modes": ("warp",)},
    ],
)
def test_a_sweep_refuses_settings_that_it_cannot_measure(wrong):
    with pytest.raises(ValidationError):
        Sweep(**wrong)


def test_xla_stops_at_eight_heads():
    sweep = Sweep(heads=(2, 8, 9, 64), modes=("fit", "xla"))
    assert sweep.points() == [("fit", 2), ("fit", 8), ("fit", 9), ("fit", 64), ("xla", 2), ("xla", 8)]


def test_the_heads_are_equal_and_the_trunk_is_the_visitor_s():
    mine = Architecture(lstm=(5, 4), heads=(Head.for_task("trend", hidden=(3,)), Head.for_task("spike")))
    theirs = with_heads(mine, 3)
    assert [head.name for head in theirs.heads] == ["m1", "m2", "m3"]
    assert {(head.task, head.units, head.loss, head.hidden) for head in theirs.heads} == {("level", 1, "mse", ())}
    assert (theirs.lstm, theirs.dense, theirs.timesteps) == (mine.lstm, mine.dense, mine.timesteps)


@pytest.mark.parametrize(
    ("part", "change", "same"),
    [
        ("architecture", {"heads": (Head.for_task("level"),)}, True),
        ("training", {"epochs": 3}, True),
        ("architecture", {"lstm": (8,)}, False),
        ("training", {"batch": 8}, False),
        ("training", {"optimizer": "sgd"}, False),
    ],
)
def test_a_step_depends_on_trunk_batch_and_optimizer_alone(part, change, same):
    mine = Experiment()
    other = mine.model_copy(update={part: getattr(mine, part).model_copy(update=change)})
    assert (timed_settings(other) == timed_settings(mine)) == same
