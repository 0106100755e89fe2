"""An experiment as a URL query: valid values are restored, and each invalid one is replaced with a notice."""

import sys
from collections import Counter
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.optimizers import OPTIMIZERS
from backend.experiment.styles import STYLES
from backend.experiment.tasks import TASKS
from backend.experiment.url import HEAD, PARAMETERS, read_query, repair, write_query
from tests.builders.strategies import experiments

DEFAULT = Experiment()
KNOWN = list(PARAMETERS)

#: For each key: values that are not allowed, and what the notice says is.
BAD = {
    "csv": (["x", "12.1-2.3", "0" * 32, f"{'0' * 32}.1-2.7", "A" * 32], "CSV file"),
    "timesteps": (
        ["0", "65", "-1", "ten", "1e3", "10.5", "", "nan", "\x00", "9" * 5000],
        "a whole number from 1 to 64",
    ),
    "features": (["0", "17", "²"], "a whole number from 1 to 16"),
    "lstm": (["0", "257", "32,x", "1,2,3,4", "", ","], "1 to 3 values, each a whole number from 1 to 256"),
    "dense": (
        ["0", "257", "8:softmax", "8:", "relu", "1,2,3,4", ":", "8:relu:relu"],
        "0 to 3 values, each a whole number from 1 to 256 and, after a colon, one of linear, relu, tanh, sigmoid, gelu",
    ),
    "left": (["Sequential", "", "__class__"], "the styles are " + ", ".join(STYLES)),
    "right": (["fused"], "the styles are " + ", ".join(STYLES)),
    "relatedness": (["-1.1", "1.01", "nan", "inf", "half"], "a number from −1 to 1"),
    "noise": (["-1", "10.1", "nan", ",".join("1" * 65), "0.1,x"], "0 to 64 values, each a number from 0 to 10"),
    "scale": (["0", "1001", "1e999"], "0 to 64 values, each a number from 0.001 to 1,000"),
    "data_seed": (["-1", str(2**31), "1.5"], "a whole number from 0 to 2,147,483,647"),
    "optimizer": (["Adam", "lamb", ""], "one of " + ", ".join(OPTIMIZERS)),
    "learning_rate": (["0", "100.1", "1e999", "nan", "-inf", "__import__('os')"], "a number from 0.00001 to 100"),
    "validation": (["-0.1", "0.51"], "a number from 0 to 0.5"),
    "combine": (["max"], "one of sum, mean, own"),
    "weights": (["-1", "101", ",".join("1" * 65)], "0 to 64 values, each a number from 0 to 100"),
    "same_start": (["perhaps", "2", ""], "true or false"),
    "seed": (["-1", str(2**31 - 99)], "a whole number from 0 to 2,147,483,548"),
    "right_weights": (["-1", ",".join("1" * 65)], "0 to 64 values, each a number from 0 to 100"),
}


# What is valid


@given(experiments())
def test_a_link_restores_the_whole_experiment(experiment):
    query = write_query(experiment)
    assert read_query(query) == (experiment, [])
    through_a_browser = parse_qs(urlencode(query, doseq=True), keep_blank_values=True, strict_parsing=bool(query))
    assert read_query(through_a_browser) == (experiment, [])


def test_a_link_contains_only_what_differs_from_the_default():
    assert write_query(DEFAULT) == {}
    heads = (Head.for_task("level"), Head.for_task("spike", name="jump", hidden=(8, 4), label="a. b & c"))
    settings = {
        "architecture": {"lstm": [32, 16], "dense": [{"units": 8, "activation": "relu"}, {"units": 4}], "heads": heads},
        "training": {"learning_rate": 0.1, "weights": [1, 0.25], "same_start": False},
    }
    assert write_query(Experiment.model_validate(settings)) == {
        "lstm": ["32,16"],
        "dense": ["8:relu,4"],
        "learning_rate": ["0.1"],
        "weights": ["1,0.25"],
        "same_start": ["false"],
        "head": ["level", "jump.spike..8-4...a. b & c"],
    }
    assert write_query(Experiment(architecture=Architecture(dense=()))) == {"dense": ["none"]}


def test_the_last_of_several_values_is_used():
    experiment, notices = read_query({"timesteps": ["5", "7"], "head": ["level", "last"]})
    assert (experiment.architecture.timesteps, notices) == (7, [])


# What is not


@pytest.mark.parametrize(("key", "value"), [(key, value) for key in BAD for value in BAD[key][0]])
def test_a_bad_value_is_replaced_by_the_default_with_one_notice(key, value):
    experiment, notices = read_query({key: [value]})
    assert experiment == DEFAULT
    (notice,) = notices
    assert notice.key == key
    assert BAD[key][1] in notice.reason
    assert notice.used.startswith("Used ")
    assert len(notice.given) <= 41
    assert notice.sentence == f"{key} = “{notice.given}”: {notice.reason}. {notice.used}"


@pytest.mark.parametrize(
    ("head", "field", "allowed", "used"),
    [
        ("", "name", "a lowercase letter, then up to 30", Head(name="head_1")),
        (f"{'w' * 32}.trend", "name", "then up to 30", Head.for_task("trend", name="w" * 27)),
        (
            "class.trend",
            "name",
            "“class” is reserved by Python, Keras or Two Heads",
            Head.for_task("trend", name="head_1"),
        ),
        ("a.sum....mae.My label", "task", "there is no task “sum”", Head(name="a", label="My label")),
        ("a.level.0", "units", "a whole number from 1 to 16", Head(name="a")),
        ("a.waveform.6", "units", "task waveform takes 2 to 5 units", Head.for_task("waveform", name="a")),
        ("a.level..8-4-2", "hidden", "0 to 2 values, each a whole number from 1 to 256", Head(name="a")),
        ("a.level...softmax", "activation", "a regression head takes linear or tanh or relu", Head(name="a")),
        ("a.spike....mae", "loss", "a binary head takes binary_crossentropy or mse", Head.for_task("spike", name="a")),
        (f"a.level.....{'y' * 61}", "label", "at most 60 characters", Head(name="a")),
    ],
)
def test_a_bad_part_of_a_head_is_replaced_by_its_default_with_one_notice(head, field, allowed, used):
    experiment, (notice,) = read_query({"head": ["trend.trend", head][::-1]})
    assert experiment.architecture.heads == (used, Head.for_task("trend"))
    assert notice.key == f"head 1, {field}"
    assert allowed in notice.reason
    assert "[" not in notice.given
    assert len(notice.given) <= 41


@pytest.mark.parametrize("count", [2, 64])
def test_heads_with_one_name_get_different_names(count):
    experiment, notices = read_query({"head": ["wind.level"] * count})
    names = [head.name for head in experiment.architecture.heads]
    assert names[:2] == ["wind", "wind_2"]
    assert len(set(names)) == count
    assert [notice.key for notice in notices] == [f"head {i}, name" for i in range(2, count + 1)]


@pytest.mark.parametrize(("count", "kept"), [(0, 2), (65, 64), (1000, 64)])
def test_too_many_heads_or_none_get_one_notice(count, kept):
    settings = DEFAULT.model_dump()
    settings["architecture"]["heads"] = [Head.for_task("last", name=f"head_{i}").model_dump() for i in range(count)]
    experiment, (notice,) = repair(settings)
    assert len(experiment.architecture.heads) == kept
    assert (notice.key, notice.given, notice.reason) == ("heads", str(count), "there can be 1 to 64")
    if count:
        assert read_query({"head": [f"head_{i}.last" for i in range(count)]}) == (experiment, [notice])


def test_an_input_too_small_for_a_task_names_the_head():
    experiment, (notice,) = read_query({"timesteps": ["1"]})
    assert (notice.key, notice.given) == ("head 2, task", "trend")
    assert "at least 2 × 1 (timesteps × features); this one is 1 × 2" in notice.reason
    heads = [(head.name, head.task) for head in experiment.architecture.heads]
    assert heads == [("level", "level"), ("trend", "level")]


# Whatever it is

_words = st.sampled_from(
    ["nan", "1e999", "-0", "0x10", "٣", "true", "none", "null", "[]", "{}", "<b>", "../..", "a.level", "..." * 9, ","]
)
_dotted = st.lists(st.text(max_size=8) | st.sampled_from([*TASKS, "softmax", "3", "8-8", ""]), max_size=8).map(".".join)
_numbers = st.lists(st.integers() | st.floats(), max_size=5).map(lambda values: ",".join(map(str, values)))
_halves = st.text(st.characters(categories=["Cs", "Ll"]), max_size=4)
_values = st.lists(st.text() | _words | _dotted | _numbers | _halves, max_size=4)


@given(
    st.dictionaries(st.sampled_from([*KNOWN, HEAD]), _values, max_size=6),
    st.dictionaries(st.text(max_size=50) | _halves, _values, max_size=2),
)
@example({"timesteps": []}, {"": []})
@example({"head": ["a.level"] * 1000, "lstm": ["9" * 100_000]}, {"\ud800": ["\udfff"]})
@example({"head": ["a.\ud800.....\ud800"], "left": ["\ud800"]}, {})
def test_any_query_gives_an_experiment(known, unknown):
    query = unknown | known
    experiment, notices = read_query(query)
    assert read_query(write_query(experiment)) == (experiment, [])
    named = [notice.key for notice in notices]
    assert "link" not in named, "each value could be mended by itself"
    mended = [notice.key for notice in notices if notice.key in KNOWN or notice.key.startswith("head")]
    assert len(mended) == len(set(mended))
    for notice in notices:
        assert notice.reason
        assert notice.used.endswith(".")
        notice.sentence.encode()


def steps(work, *arguments):
    """What `work` costs, in calls of functions."""
    events = Counter()
    sys.setprofile(lambda frame, event, argument: events.update([event]))
    try:
        work(*arguments)
    finally:
        sys.setprofile(None)
    return events["call"] + events["c_call"]


#: About 500 kB each, as long as Streamlit takes, beside the same query of a bearable length.
HUGE = [
    ({"lstm": ["x," * 250_000]}, {"lstm": ["x," * 30]}),
    ({"weights": ["0." + "5" * 500_000]}, {"weights": ["0." + "5" * 4000 + "…"]}),
    ({"seed": ["7" + " " * 500_000]}, {"seed": ["7" + " " * 4000 + "…"]}),
    ({"head": ["level..1." + "x-" * 250_000]}, {"head": ["level..1." + "x-" * 30]}),
    ({"head": ["level..1." + "x-" * 3900] * 64}, {"head": ["level..1." + "x-" * 30] * 64}),
]


@pytest.mark.parametrize(("huge", "bearable"), HUGE)
def test_a_huge_query_is_cut_before_it_is_validated_and_means_the_same(huge, bearable):
    experiment, notices = read_query(huge)
    assert notices, "what was cut is said"
    assert (experiment, notices) == read_query(bearable)
    assert steps(read_query, huge) < 1.5 * steps(read_query, bearable) + 10_000


@given(experiments(), st.sampled_from(["units", "hidden", "activation", "loss", "task", "label"]), st.text(max_size=70))
def test_an_invalid_head_from_a_widget_changes_nothing_else(experiment, field, value):
    settings = experiment.model_dump()
    settings["architecture"]["heads"][-1][field] = value
    repaired, notices = repair(settings)
    assert {notice.key for notice in notices} <= {
        f"head {len(experiment.architecture.heads)}, {what}" for what in (field, "units", "activation", "loss")
    }
    assert repaired.architecture.heads[:-1] == experiment.architecture.heads[:-1]
    assert repaired.model_copy(update={"architecture": None}) == experiment.model_copy(update={"architecture": None})
