"""The open question and its settings in a link: what is written is read again, and a bad value gets a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.questions.lab import QUESTIONS, trade_offs, unstuck, url

METHODS = (*unstuck.BALANCERS, *unstuck.REMOVERS)
#: As precise as a number field of the page.
RATES = st.integers(1, 10_000).map(lambda number: number / 10_000)
SETTINGS = {
    "unstuck": st.builds(
        unstuck.Settings,
        problem=st.sampled_from(["famo_toy", "cagrad_toy"]),
        methods=st.sets(st.sampled_from(METHODS), min_size=1).map(lambda keys: tuple(sorted(keys, key=METHODS.index))),
        optimizer=st.sampled_from(["adam", "sgd"]),
        rate=RATES,
        steps=st.integers(100, 100_000),
    ),
    "trade_offs": st.builds(
        trade_offs.Settings,
        levels=st.integers(3, 41),
        starts=st.integers(1, 10),
        smoothings=st.lists(st.sampled_from([0.003, 0.01, 0.5, 1.0, 10.0]), min_size=1, max_size=4, unique=True).map(
            tuple
        ),
        rate=RATES.filter(lambda rate: rate <= 0.1),
        steps=st.integers(100, 10_000),
    ),
}


@given(st.data())
def test_what_is_written_is_read_again(data):
    for key, drawn in SETTINGS.items():
        question, settings = QUESTIONS[key], data.draw(drawn)
        texts = url.write(question, settings)
        assert {name: url.refuse(name, text) for name, text in texts.items()} == dict.fromkeys(texts)
        assert url.read(question, texts) == settings
        assert not any("e" in texts[url.key(question, field)] for field in ("rate", "steps"))


def test_the_defaults_are_those_of_all_settings_and_links_without_a_question_stay_what_they_are():
    assert url.DEFAULTS[url.OPEN] == "unstuck"
    for question in QUESTIONS.values():
        assert url.read(question, url.DEFAULTS) == question.settings()
        for field, value in question.settings():
            if field in url.fields(question) and isinstance(value, int | float):
                low, high = url.bounds(question, field)
                assert low <= value <= high


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("question", "evil"),
        ("unstuck_problem", "one_neuron"),
        ("unstuck_methods", "pcgrad,pcgrad"),
        ("unstuck_methods", ""),
        ("unstuck_rate", "1e-3"),
        ("unstuck_rate", "nan"),
        ("unstuck_steps", "1000000"),
        ("unstuck_steps", "100.5"),
        ("unstuck_steps", "9" * 5000),
        ("trade_offs_smoothings", "0.1,0.1"),
        ("trade_offs_smoothings", "0.1,x"),
    ],
)
def test_a_bad_value_gets_a_sentence(key, text):
    assert url.refuse(key, text)


@given(st.sampled_from(list(url.DEFAULTS)), st.text(max_size=30))
def test_any_text_is_refused_or_read(key, text):
    if url.refuse(key, text) is None and key != url.OPEN:
        question = next(each for each in QUESTIONS.values() if key in url.write(each, each.settings()))
        url.read(question, url.DEFAULTS | {key: text})
