"""Windows of a visitor's own table: settings, links, the split by time, and what is learned from the training part."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from backend.experiment import Experiment
from backend.experiment.dataset import generate
from backend.experiment.differences import settings_of
from backend.experiment.experiment import usual
from backend.experiment.own_table import FEWEST_SEQUENCES, Table, tables_from, tables_named
from backend.experiment.tasks import tasks_of
from backend.experiment.url import read_query, write_query
from backend.experiment.windows import split_windows
from backend.own_csv.reader import parse
from backend.training.constant import baselines
from tests.builders.own_tables import WORDS, found, real_table, table

MINE = table()
EVERY = ["a.number_1", "b.yes_2", "c.class_3.3", "d.number_3"]


def of(**query):
    return read_query({key: value if isinstance(value, list) else [value] for key, value in query.items()})


@given(
    st.sets(st.integers(1, 4), min_size=1).map(sorted), st.integers(1, 40), st.integers(1, 20), st.integers(32, 100),
    st.lists(st.sampled_from(EVERY), min_size=1, unique=True), st.sampled_from([0.0, 0.2, 0.5]),
)  # fmt: skip
def test_a_link_has_the_id_and_the_choices_and_is_read_again(columns, horizon, steps, samples, heads, part):
    with found(MINE):
        csv = f"{MINE.id}.{'-'.join(map(str, columns))}.{horizon}"
        experiment, notices = of(
            csv=csv, timesteps=str(steps), samples=str(samples), head=heads, validation=str(part), scale="2,3"
        )
        assert [each for each in notices if each.key not in ("samples", "timesteps", "csv")] == []
        assert read_query(write_query(experiment)) == (experiment, [])
        assert "".join(map(str, write_query(experiment).values())).isascii()
        assert set(settings_of(experiment)) >= {"CSV file", "Horizon in rows"}


@given(st.text(max_size=40) | st.builds("{}.{}".format, st.just(MINE.id), st.text("0123456789-. x", max_size=9)))
def test_whatever_a_link_says_of_a_table_it_is_read_with_sentences(text):
    with found(MINE):
        experiment, notices = of(csv=text, samples="4096", timesteps="64", head=[*EVERY, "e.level", "f.class_3.2"])
        assert experiment.architecture.own or notices
        assert read_query(write_query(experiment)) == (experiment, [])


def test_a_table_that_is_gone_gets_one_sentence_and_the_default_sequences():
    with found(MINE) as source:
        query = write_query(usual(source)) | {"head": EVERY, "lstm": ["5"], "samples": ["90"]}
    with tables_from({}.get):
        experiment, notices = read_query(query)
        (sentence,) = [notice.sentence for notice in notices]
    assert "its time is over, or it was deleted. Used synthetic waves in its place." in sentence
    assert experiment == of(lstm="5", samples="90")[0]


@given(st.data())
def test_windows_do_not_straddle_the_split_and_the_training_part_alone_scales(data):
    horizon, steps = data.draw(st.integers(1, 20)), data.draw(st.integers(1, 20))
    validation = data.draw(st.sampled_from([0.0, 0.1, 0.5]))
    with found(MINE):
        csv = f"{MINE.id}.1-3.{horizon}"
        experiment, _ = of(csv=csv, timesteps=str(steps), head=EVERY, samples="32", validation=str(validation))
        train, validate = experiment.parts
        dataset = generate(experiment.architecture, experiment.sequences, (train, validate))
    known, predicted = split_windows(MINE.whole, steps + horizon - 1, (train, validate))
    first_inputs = predicted - horizon - steps + 1
    assert predicted[-1] == 199
    assert not validate or first_inputs[train] > predicted[train - 1], "no row of the parts is the same"
    assert (known.start, known.stop) == (first_inputs[0], predicted[train - 1] + 1)
    rows = MINE.rows
    standard = (rows - rows[known].mean(axis=0)) / np.where(np.ptp(rows[known], axis=0), rows[known].std(axis=0), 1)
    row = data.draw(st.integers(0, train + validate - 1))
    window = standard[first_inputs[row] : predicted[row] - horizon + 1]
    assert dataset.x[row] == pytest.approx(window[:, [0, 2]], rel=1e-5, abs=1e-5)
    target = rows[predicted[row]]
    assert dataset.y["a"][row] == pytest.approx(standard[predicted[row], :1], rel=1e-5, abs=1e-5)
    assert (dataset.y["b"][row, 0], dataset.y["c"][row].argmax()) == (target[1], target[2] - 1)


@given(
    st.lists(st.integers(0, 399), max_size=8),
    st.integers(1, 20),
    st.integers(1, 10),
    st.lists(st.integers(1, 60), min_size=1, max_size=3),
)
def test_no_window_touches_a_gap_and_as_many_as_a_source_promises_fit_into_any_parts(gaps, steps, horizon, sizes):
    rows = np.arange(400.0)[:, None] % 97
    rows[gaps] = np.nan
    with found(gapped := Table(["x"], rows)) as source:
        source = source.own.model_copy(update={"horizon": horizon}).source
    reach = steps + horizon - 1
    most = source.most_sequences(steps, len(sizes))
    assert (most >= FEWEST_SEQUENCES) == (steps <= source.most_timesteps(FEWEST_SEQUENCES)) or len(sizes) < 3
    if most < len(sizes):
        return
    parts = [max(1, size * most // sum(sizes)) for size in sizes]
    parts[0] += most - sum(parts)
    if parts[0] < 1:
        return
    _, predicted = split_windows(gapped.whole, reach, parts)
    assert len(predicted) == most
    windows = predicted[:, None] - np.arange(reach + 1)
    assert windows.min() >= 0
    assert gapped.whole[windows].all()
    ends = np.cumsum(parts)
    assert all(windows[end:].min() > predicted[end - 1] for end in ends[:-1])


def test_the_period_is_found_across_gaps_in_time_alone():
    """Rows one period apart are compared by their times, although a gap has fewer rows than steps."""
    days = np.datetime64("2020-01-01") + np.arange(300)
    kept = [i for i in range(300) if i not in (120, 121, 122)]
    lines = [f"{days[i]},{np.sin(2 * np.pi * i / 30) + i % 2 * 3}" for i in kept]
    with found(parse("\n".join(["day,x", *lines]))) as source:
        experiment, _ = of(csv=source.own.table.id, head=["a.number_1"], timesteps="3")
        assert baselines(experiment)["a"].words.startswith("as one period of 30 rows ago, or, where that is unknown, ")
        assert baselines(experiment)["a"].loss < 1e-6


def test_a_column_of_three_words_is_a_target_and_no_feature():
    with found(real_table()) as source:
        assert source.own.columns == (0, 2, 3)
        assert tasks_of(source) == ["number_1", "class_2", "number_3", "class_3", "yes_4"]
        assert source.own.choices["class_2"].description.endswith(f"{WORDS[1]} and {WORDS[2]}.")
        experiment, (notice,) = of(csv=f"{source.own.table.id}.1-2", head=["a.class_2.3"])
        assert "more than two words is no feature" in notice.reason
        assert experiment.architecture.own.columns == (0, 2, 3)


def test_numbers_far_from_those_that_train_are_cut_off_so_that_every_loss_is_finite():
    rows = np.tile([[0.0], [1e-300]], (100, 1))
    rows[:100] = 0.0
    rows[99], rows[-1] = 1e-300, 1e12
    with found(wild := Table(["x"], rows)):
        experiment, _ = of(csv=wild.id, samples="60")
        dataset = generate(experiment.architecture, experiment.sequences, experiment.parts)
        assert np.abs(dataset.x).max() <= 1e6
        assert np.isfinite([each.loss for each in baselines(experiment).values()]).all()


def test_the_baselines_are_one_period_ago_and_the_class_frequencies():
    with found(MINE):
        experiment, _ = of(csv=f"{MINE.id}.1.2", head=EVERY)
        found_ = baselines(experiment)
        words = found_["a"].words
        assert words.startswith("as one period of 63 rows ago, "), "two of the sine, whose period is 31.4 rows"
        assert found_["c"].words == "class frequencies"
        train, _ = experiment.parts
        reach = experiment.architecture.timesteps + 1
        known, predicted = split_windows(MINE.whole, reach, experiment.parts)
        numbers = MINE.rows[:, 0] / MINE.rows[known, 0].std()
        expected = ((numbers[predicted[train:]] - numbers[predicted[train:] - 63]) ** 2).mean()
        assert found_["a"].loss == pytest.approx(expected, rel=1e-4)


def test_a_job_brings_its_table_to_a_worker_where_nothing_finds_it():
    with found(MINE) as source:
        sent = pickle.dumps(usual(source))
    received = pickle.loads(sent)
    assert (received.architecture.own.table.rows == MINE.rows).all()
    assert Experiment.model_validate(received.model_dump()) == received, "a worker may check its settings again"
    assert copy.deepcopy(received) == received


def test_json_has_the_id_and_is_read_with_the_table_that_was_found():
    with found(MINE) as source:
        text = usual(source).model_dump_json()
        assert MINE.id in text
        assert Experiment.model_validate_json(text, context=tables_named(text)) == usual(source)
    with pytest.raises(ValidationError, match="its time is over, or it was deleted"):
        Experiment.model_validate_json(text, context=tables_named(text))


def test_no_traceback_and_no_log_has_names_or_numbers_of_a_table():
    with found(MINE) as source:
        shown = f"{MINE!r} {source!r} {source.own!r} {usual(source)!r} {usual(source).model_dump()}"
    assert "°C" not in shown
    assert "array" not in shown
    assert "0.2040" not in shown


@pytest.mark.parametrize(
    "names",
    [
        ("x'); import os; os.system('x') #", '"""', "{x}", "\\"),
        ("class", "lambda", "dense", "lstm_1"),
        ("column 3", "Column-3", "温度", "column_4"),
        ("température", "Temperature", "TEMPERATURE", "温度"),
        ("🌡️", "<script>alert(1)</script>", "[a](b)", "$x$ :red[y]"),
        ("a" * 60, "a" * 59 + "b", "1", "_"),
    ],
)
def test_names_of_heads_are_identifiers_that_differ_and_scripts_have_no_other_name(names):
    from backend.training.export import notebook, script

    named = Table(names, np.stack([np.arange(200.0) % k for k in (11, 13, 17, 19)], axis=1))
    with found(named) as source:
        heads = [f"h{i}.{task}" for i, task in enumerate(tasks_of(source))]
        choices = source.own.choices
        assert len({choice.name for choice in choices.values()}) == len(names)
        assert all(choice.name.isidentifier() and len(choice.name) <= 27 for choice in choices.values())
        for experiment in (usual(source), of(csv=named.id, head=heads)[0]):
            text = script(experiment) + notebook(experiment)
            assert not [name for name in names if len(name) > 3 and not name.isidentifier() and name in text]
            compile(script(experiment), "script.py", "exec")
