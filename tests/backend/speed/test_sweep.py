"""The settings of a sweep."""

import pytest
from pydantic import ValidationError

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.speed.sweep import COMPARED, Sweep, expected_seconds, timed_settings, with_heads


def test_a_sweep_sorts_its_settings_and_drops_duplicates():
    sweep = Sweep(heads=(8, 1, 8), modes=("xla", "fit", "xla"))
    assert (sweep.heads, sweep.modes) == ((1, 8), ("fit", "xla"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"heads": ()},
        {"heads": (0,)},
        {"heads": (65,)},
        {"heads": tuple(range(1, 10))},
        {"modes": ()},
        {"modes": ("warp",)},
        {"styles": ("sequential", "functional")},
        {"styles": ("subclassing", *COMPARED)},
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


def test_a_step_depends_on_trunk_batch_and_optimizer_alone():
    mine = Experiment()
    heads = mine.architecture.model_copy(update={"heads": (Head.for_task("level"),)})
    trunk = mine.architecture.model_copy(update={"lstm": (8,)})
    training = mine.training
    assert timed_settings(mine.model_copy(update={"architecture": heads})) == timed_settings(mine)
    assert timed_settings(
        mine.model_copy(update={"training": training.model_copy(update={"epochs": 3})})
    ) == timed_settings(mine)
    assert timed_settings(mine.model_copy(update={"architecture": trunk})) != timed_settings(mine)
    assert timed_settings(
        mine.model_copy(update={"training": training.model_copy(update={"batch": 8})})
    ) != timed_settings(mine)
    assert timed_settings(
        mine.model_copy(update={"training": training.model_copy(update={"optimizer": "sgd"})})
    ) != timed_settings(mine)


def test_a_default_sweep_is_expected_to_take_less_than_a_minute():
    planned = Sweep().points()
    assert {k for _, k in planned} == {1, 2, 8, 32}
    assert sum(expected_seconds(Architecture(), *each) for each in planned) < 60
    assert expected_seconds(Architecture(), "xla", 2) > expected_seconds(Architecture(), "fit", 2)
