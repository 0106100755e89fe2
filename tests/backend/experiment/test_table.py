"""A table of what differs between experiments, and only that."""

from hypothesis import given
from hypothesis import strategies as st

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.table import MISSING, settings_of, varying
from backend.experiment.training import Training
from backend.experiment.versus import Versus
from tests.builders.strategies import experiments


def rows(*each):
    return {row.title: row.values for row in varying([Experiment.model_validate(settings) for settings in each])}


@given(st.lists(experiments(), min_size=1, max_size=3))
def test_there_is_a_row_exactly_where_results_differ(each):
    assert bool(varying(each)) == (len({one.key() for one in each}) > 1)
    for row in varying(each):
        assert len(row.values) == len(each)
        assert len(set(row.values)) > 1
        assert all(row.values)


def test_only_what_differs_is_a_row_with_the_words_of_the_pages():
    found = rows(
        {"training": {"batch": 16, "optimizer": "sgd"}},
        {
            "sequences": {"seed": 3, "samples": 2048},
            "architecture": {"lstm": [8, 4], "dense": []},
            "right": "sequential",
        },
    )
    assert found == {
        "Style on the right": ("Functional", "Sequential"),
        "LSTM units": ("32", "8, 4"),
        "Dense layers": ("8 linear", "none"),
        "Sequences": ("1,280", "2,048"),
        "Data seed": ("0", "3"),
        "Optimizer": ("SGD", "Adam"),
        "Batch size": ("16", "32"),
    }


def test_heads_are_compared_one_by_one_without_their_labels():
    one = {"name": "level", "task": "level", "label": "Ada's"}
    other = {"name": "b", "task": "trend", "units": 2}
    found = rows({"architecture": {"heads": [one]}}, {"architecture": {"heads": [one | {"label": ""}, other]}})
    assert found["Heads"] == ("1", "2")
    assert found["Head 2: units"] == (MISSING, "2")
    assert not any(title.startswith("Head 1") for title in found)


def test_the_styles_are_those_that_were_trained():
    two_settings = settings_of(Experiment(versus=Versus(batch=8), training=Training(same_start=False)))
    assert {two_settings[f"Style on the {side}"] for side in ("left", "right")} == {"Functional"}
    assert two_settings["Same initial weights"] == "yes"
    hidden = Architecture(heads=(Head(name="a", hidden=(4,)), Head(name="b")))
    assert settings_of(Experiment(architecture=hidden))["Style on the left"] == "Sequential (trained as Functional)"


def test_loss_weights_count_only_where_they_are_in_use():
    assert rows({"training": {"weights": [1, 2]}}, {}) == {}
    assert "Loss weights" in rows({"training": {"combine": "own", "weights": [1, 2]}}, {})
