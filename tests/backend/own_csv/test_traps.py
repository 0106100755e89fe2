"""What may make results worthless is said, with column and rows; and nothing is said of a table that is fine."""

import numpy as np
import pytest

from backend.experiment.own_table import Table
from backend.experiment.url import read_query
from backend.own_csv.traps import traps
from tests.builders.own_tables import found, table

RNG = np.random.default_rng(0)
NOISE, OTHER = RNG.normal(size=(2, 300))


def said(columns, heads=("a.number_1",), samples=280):
    """The sentences for a table of these columns."""
    made = Table(columns, np.stack([np.asarray(each, float) for each in columns.values()], axis=1))
    with found(made):
        every = "-".join(str(column + 1) for column in range(len(columns)))
        query = {"csv": [f"{made.id}.{every}"], "samples": [str(samples)], "head": list(heads)}
        experiment, notices = read_query(query)
        assert not notices
        return list(traps(experiment))


def test_nothing_is_said_of_a_table_without_traps():
    with found(table(names=("a", "b", "c"))) as source:
        experiment, _ = read_query({"csv": [source.own.table.id], "head": ["a.number_1", "b.yes_2", "c.class_3.3"]})
        assert traps(experiment) == ()
        assert traps(read_query({})[0]) == ()


@pytest.mark.parametrize("late", [1, 3])
@pytest.mark.parametrize("leak", [lambda y: y, lambda y: 5 - 2 * y, lambda y: y + 0.01 * OTHER])
def test_a_column_that_tells_the_target_in_advance_is_named(late, leak):
    columns = {"y": NOISE, "made later": np.roll(leak(NOISE), -late), "other": OTHER}
    (sentence,) = said(columns)
    assert f"The feature “made later” tells the target “y” in advance: its value {late} row" in sentence
    assert "% of the target's variance, much more than the target's own past does" in sentence


def test_a_leak_into_yes_or_no_and_into_classes_is_named():
    yes, kind = RNG.integers(0, 2, 300), RNG.integers(0, 3, 300)
    later = {"yes later": np.roll(7 - yes, -1), "kind later": np.roll(np.array([5, 1, 9])[kind], -1)}
    found_ = said({"yes": yes, "kind": kind, **later}, heads=("a.yes_1", "b.class_2.3"))
    assert [("“yes later”" in each, "“kind later”" in each) for each in found_] == [(True, False), (False, True)]
    assert "its value 1 row earlier explains 99.99 % of the target's variance" in found_[0]
    assert "the target's class explains 99.99 % of the variance of the feature's value 1 row earlier" in found_[1]


@pytest.mark.parametrize(
    "columns",
    [
        {"y": NOISE, "copy": NOISE, "twice": 2 * NOISE + 1},  # copies in the same row tell nothing in advance
        {"y": np.arange(300), "time": 2 * np.arange(300)},  # a slow column is close to its own past
        {"y": np.sin(np.arange(300) / 8), "cosine": np.cos(np.arange(300) / 8)},
        {"y": np.cumsum(NOISE), "walk": np.cumsum(NOISE) + 1},
    ],
)
def test_copies_in_the_same_row_and_slow_columns_are_no_leak(columns):
    assert said(columns) == []


def test_a_feature_or_target_that_does_not_vary_where_the_network_learns_is_named_with_its_rows():
    late = np.zeros(300)
    late[280] = 1
    assert said({"y": NOISE, "fixed": np.full(300, 5.0), "late": late}, heads=("a.number_1", "b.yes_3")) == [
        "The feature “fixed” has the same number in all rows. The network learns nothing from it.",
        "The feature “late” has the same number in rows 2 to 235, the rows for training. The network learns nothing "
        "from it.",
        "The target “late” is 0 in all of rows 12 to 235, the training targets. A head that always predicts this "
        "number has no error on the training sequences.",
    ]


@pytest.mark.parametrize("early", [[], [3]])
def test_a_class_that_no_training_target_has_is_named(early):
    """Rows before the first target, which have the class, too, are no targets."""
    kind = RNG.integers(0, 2, 300)
    kind[[*early, 280]] = 2
    (sentence,) = said({"kind": kind, "y": NOISE}, heads=("a.class_1.3",))
    assert sentence == "The target “kind” has class 2 in none of rows 12 to 235, the training targets."


def test_rows_that_are_not_used_are_said():
    (sentence,) = said({"y": NOISE, "z": OTHER}, samples=100)
    assert sentence == "The sequences are made of the last 120 rows. The 180 rows before them are not used."


def test_a_page_shows_only_some_of_many():
    sentences = said({"y": NOISE} | {f"fixed {i}": np.full(300, i) for i in range(9)})
    assert len(sentences) == 7
    assert sentences[-1] == "There are 3 more such notes."
