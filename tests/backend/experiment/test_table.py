"""A table of what differs between experiments, and only that."""

from hypothesis import given
from hypothesis import strategies as st

from backend.experiment import Experiment
from backend.experiment.table import varying
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
