"""The result of a sweep: its CSV, its points among a job's events, and the recorded one."""

import io

import pandas as pd
import pytest

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.questions.speed.result import RECORDED, SweepResult, csv, recorded, recorded_of
from backend.questions.speed.sweep import DEFAULT_HEADS, MODES, Sweep, SweepSettings, sweep_with
from backend.statistics.intervals import FEWEST_PAIRS
from tests.backend.questions.speed.points import NOISE, point


def test_the_csv_has_every_reading():
    points = [point(2), point(8, mode="steps")]
    table = pd.read_csv(io.StringIO(csv(points)))
    assert list(table.columns) == ["mode", "k", "style", "quantity", "round", "value"]
    mine = table[(table.k == 8) & (table["style"] == "functional")]
    assert mine[mine.quantity == "train"].value.tolist() == pytest.approx(points[1].styles["functional"].train)
    assert mine[mine.quantity == "operations"].value.tolist() == [700 + 150 * 7]
    assert len(mine[mine.quantity == "train"]) == len(NOISE)
    assert mine[mine.quantity == "infer"].empty


def test_the_recorded_result_is_complete_and_names_its_machine():
    result = recorded()
    assert SweepResult.model_validate_json(RECORDED.read_text()) == result
    assert {(p.mode, p.k) for p in result.points} == set(result.sweep.points())
    assert set(result.sweep.modes) == set(MODES)
    assert set(DEFAULT_HEADS) < set(result.sweep.heads)
    assert result.machine.cpu
    assert {"Keras", "TensorFlow", "Python"} <= set(result.machine.versions)
    for each in result.points:
        assert all(len(figures.train) >= FEWEST_PAIRS for figures in each.styles.values())


def test_the_recorded_result_has_the_points_of_these_settings_or_none():
    def found(sweep, **architecture):
        return recorded_of(SweepSettings(experiment=Experiment(architecture=Architecture(**architecture)), sweep=sweep))

    assert [(point.mode, point.k) for point in found(sweep_with(2)).points] == Sweep().points()
    assert found(sweep_with(3)) is None
    assert found(Sweep(), lstm=(4,)) is None
