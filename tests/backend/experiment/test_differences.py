"""What two experiments differ in, in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.experiment import Experiment
from backend.experiment.differences import differences, varying
from backend.experiment.url import PARAMETERS, read_query
from tests.builders.strategies import experiments


def of(**query):
    found, notices = read_query({key: value if isinstance(value, list) else [value] for key, value in query.items()})
    assert not notices
    return found


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"optimizer": "momentum"}, ["optimizer SGD with momentum"]),
        ({"left": "functional"}, ["style on the left Functional"]),
        ({"lstm": "16,8", "dense": "none"}, ["LSTM units 16, 8", "dense layers none"]),
        ({"head": ["level", "trend", "last"]}, ["3 heads (level, trend, last)"]),
        ({"head": ["level...4", "trend"]}, ["other settings of level"]),
        ({"head": ["level.....mae", "trend.....mae"]}, ["other settings of level, trend"]),
        ({"samples": "2048", "data_seed": "3"}, ["sequences 2,048", "data seed 3"]),
        ({"combine": "own", "weights": "1,0.5"}, ["combination of losses Own weights", "loss weights 1, 0.5"]),
        ({"right_combine": "gradnorm"}, ["compared settings Sum and GradNorm"]),
        (
            {"right_optimizer": "sgd", "right_learning_rate": "0.1"},
            ["compared settings Adam, rate 0.003 and SGD, rate 0.1"],
        ),
        ({"right_batch": "32"}, []),
    ],
)
def test_each_setting_has_words(query, words):
    assert differences(of(**query), Experiment()) == words


#: A value that is not the default, where that is not 12.
OTHERS = {
    **{"left": "functional_fused", "right": "sequential", "optimizer": "sgd", "combine": "mean", "same_start": "false"},
    **{"relatedness": "0.1", "validation": "0.1", "noise": "1", "samples": "64", "seeds": "3"},
    **{"right_optimizer": "sgd", "right_combine": "mean", "right_dense": "8:relu"},
}


@pytest.mark.parametrize("key", [key for key in PARAMETERS if key != "csv"])
def test_no_setting_is_forgotten(key):
    """A setting that is added to the experiment needs words, too."""
    usual = {"combine": "own"} if key.endswith("weights") else {}  # else they are not in use
    changed, base = of(**usual, **{key: OTHERS.get(key, "12")}), of(**usual)
    assert len(differences(changed, base)) == len(differences(base, changed)) == 1


@given(experiments(), experiments())
def test_there_are_no_words_exactly_where_the_result_is_the_same(one, other):
    assert (differences(one, other) == []) == (one.key() == other.key())
    assert differences(one, one.unlabelled()) == []


@given(st.lists(experiments(), min_size=1, max_size=3))
def test_there_is_a_row_exactly_where_results_differ(each):
    assert bool(varying(each)) == (len({one.key() for one in each}) > 1)
    for values in varying(each).values():
        assert len(values) == len(each)
        assert len(set(values)) > 1
        assert all(values)
