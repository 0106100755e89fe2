"""The values of a sweep: its settings, the interval, and when a difference counts."""

import io
import json

import pandas as pd
import pytest
from pydantic import ValidationError

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.speed.sweep import (
    COMPARED,
    CONTROL,
    DEFAULT_HEADS,
    MODES,
    RECORDED,
    Sweep,
    SweepResult,
    between,
    csv,
    expected_seconds,
    points_of,
    ratio,
    recorded,
    same_step,
    spread,
    with_heads,
)
from backend.statistics import FEWEST_PAIRS
from tests.backend.speed.points import NOISE, point


def test_a_sweep_takes_its_settings_once_and_in_order():
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
def test_a_sweep_refuses_what_it_cannot_measure(wrong):
    with pytest.raises(ValidationError):
        Sweep(**wrong)


def test_xla_ends_at_eight_heads():
    sweep = Sweep(heads=(2, 8, 9, 64), modes=("fit", "xla"))
    assert sweep.points() == [("fit", 2), ("fit", 8), ("fit", 9), ("fit", 64), ("xla", 2), ("xla", 8)]


def test_the_heads_are_alike_and_the_trunk_is_the_visitor_s():
    mine = Architecture(lstm=(5, 4), heads=(Head.for_task("trend", hidden=(3,)), Head.for_task("spike")))
    theirs = with_heads(mine, 3)
    assert [head.name for head in theirs.heads] == ["m1", "m2", "m3"]
    assert {(head.task, head.units, head.loss, head.hidden) for head in theirs.heads} == {("mean", 1, "mse", ())}
    assert (theirs.lstm, theirs.dense, theirs.timesteps) == (mine.lstm, mine.dense, mine.timesteps)


def test_what_a_step_depends_on():
    mine = Experiment()
    heads = mine.architecture.model_copy(update={"heads": (Head.for_task("mean"),)})
    trunk = mine.architecture.model_copy(update={"lstm": (8,)})
    training = mine.training
    assert same_step(mine, mine.model_copy(update={"architecture": heads}))
    assert same_step(mine, mine.model_copy(update={"training": training.model_copy(update={"epochs": 3})}))
    assert not same_step(mine, mine.model_copy(update={"architecture": trunk}))
    assert not same_step(mine, mine.model_copy(update={"training": training.model_copy(update={"batch": 8})}))
    assert not same_step(mine, mine.model_copy(update={"training": training.model_copy(update={"optimizer": "sgd"})}))


def test_quartiles():
    found = spread([5.0, 1.0, 2.0, 4.0, 3.0])
    assert found is not None
    assert (found.low, found.median, found.high) == (2, 3, 4)
    assert spread([]) is None


def test_the_verdict_flips_with_the_ratio():
    assert not ratio(point(times=1.0)).decided
    assert ratio(point(times=1.2)).decided
    assert ratio(point(times=1.2)).low > 1
    assert ratio(point(times=0.8)).decided
    assert ratio(point(times=0.8)).high < 1


def test_noise_widens_the_interval_until_nothing_is_decided():
    quiet, noisy = point(times=1.1), point(times=1.1)
    noisy.styles["functional"].train = [
        t * (1 + 0.6 * (-1) ** i) for i, t in enumerate(quiet.styles["functional"].train)
    ]
    assert ratio(quiet).decided
    assert not ratio(noisy).decided


def test_a_disturbance_that_falls_on_all_styles_does_not_move_the_ratio():
    quiet, disturbed = point(times=1.3), point(times=1.3)
    for figures in disturbed.styles.values():
        figures.train = [t * (5 if i > 10 else 1) for i, t in enumerate(figures.train)]
    assert ratio(disturbed).median == pytest.approx(ratio(quiet).median)
    assert ratio(disturbed).decided


def test_what_two_equal_networks_differ_by_decides_nothing():
    # Functional is slower than fused and no slower than Sequential, which is fused once more.
    lucky = point(times=1.1, control=1.1)
    assert between(lucky, "train", COMPARED).decided
    assert not ratio(lucky).decided
    assert ratio(lucky).median == between(lucky, "train", COMPARED).median
    assert ratio(point(times=1.1, control=1.1, sequential=False)).decided


def test_two_builds_of_one_network_are_no_control():
    # Other Python makes them, so Sequential's build says nothing of how well fused's is timed.
    lucky = point(times=1.1, control=1.1)
    assert ratio(lucky, "build") == between(lucky, "build", COMPARED)
    assert not ratio(lucky, "infer").decided


def test_no_ratio_without_readings():
    assert ratio(point(mode="steps"), "infer") is None
    assert between(point(sequential=False), "train", CONTROL) is None
    once = ratio(point(), "first_call")
    assert (once.low, once.high, once.decided) == (None, None, False)


def test_csv_has_every_reading():
    points = [point(2), point(8, mode="steps")]
    table = pd.read_csv(io.StringIO(csv(points)))
    assert list(table.columns) == ["mode", "k", "style", "quantity", "round", "value"]
    mine = table[(table.k == 8) & (table["style"] == "functional")]
    assert mine[mine.quantity == "train"].value.tolist() == pytest.approx(points[1].styles["functional"].train)
    assert mine[mine.quantity == "operations"].value.tolist() == [700 + 150 * 7]
    assert len(mine[mine.quantity == "train"]) == len(NOISE)
    assert mine[mine.quantity == "infer"].empty


def test_points_are_found_among_the_events():
    events = [{"event": "phase", "doing": "Building"}, {"event": "point", "data": point().model_dump(mode="json")}]
    assert points_of(json.loads(json.dumps(events))) == [point()]


def test_the_recorded_result_is_whole_and_names_its_machine():
    result = recorded()
    assert SweepResult.model_validate_json(RECORDED.read_text()) == result
    assert {(p.mode, p.k) for p in result.points} == set(result.sweep.points())
    assert set(result.sweep.modes) == set(MODES)
    assert set(DEFAULT_HEADS) < set(result.sweep.heads)
    assert result.machine.cpu
    assert {"Keras", "TensorFlow", "Python"} <= set(result.machine.versions)
    for each in result.points:
        assert all(len(figures.train) >= FEWEST_PAIRS for figures in each.styles.values())


def test_a_default_sweep_is_expected_to_end_within_a_minute():
    planned = Sweep().points()
    assert {k for _, k in planned} == {1, 2, 8, 32}
    assert sum(expected_seconds(Architecture(), *each) for each in planned) < 60
    assert expected_seconds(Architecture(), "xla", 2) > expected_seconds(Architecture(), "fit", 2)
