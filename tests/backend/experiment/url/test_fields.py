"""Settings of pages as texts in a link: what is written is read again, and a bad text gets a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.lab import state
from backend.lab.situation import Situation
from backend.questions.speed import sweep
from backend.words.schema import bounds_of
from two_heads.weightings import AGGREGATORS

ALL = {"compass": state.FIELDS, "speed": sweep.FIELDS}
CASES = [(name, key) for name, fields in ALL.items() for key in fields.keys]


def some_of(keys):
    return st.sets(st.sampled_from(list(keys)), min_size=1).map(lambda some: tuple(key for key in keys if key in some))


SETTINGS = {
    "compass": st.builds(
        state.LabState.of,
        st.builds(Situation, angle=st.floats(0, 180), ratio=st.floats(0.01, 100), third=st.booleans()),
        some_of(AGGREGATORS),
    ),
    "speed": st.builds(sweep.Sweep, heads=st.sets(st.integers(1, 64), min_size=1, max_size=8).map(tuple)),
}


@given(st.data())
def test_what_is_written_is_read_again_and_is_what_a_link_has(data):
    for name, drawn in SETTINGS.items():
        fields, settings = ALL[name], data.draw(drawn)
        texts = fields.write(settings)
        assert fields.read(texts) == settings
        assert {key: fields.present(key, text) for key, text in texts.items()} == texts
        assert not [text for key, text in texts.items() if "e-" in text]


def test_the_defaults_are_those_of_the_settings_and_within_the_bounds():
    for fields in ALL.values():
        defaults = fields.read({})
        assert fields.read(fields.defaults) == defaults
        for key, field in fields.keys.items():
            value = getattr(defaults, field)
            if isinstance(value, int | float) and not isinstance(value, bool):
                low, high = bounds_of(fields.schema(key))
                assert low <= value <= high


def test_texts_of_earlier_versions_mean_what_they_did():
    assert state.FIELDS.present("third", "1") == "true"
    assert state.FIELDS.present("methods", "upgrad, mean,") == "mean,upgrad"
    assert sweep.FIELDS.present("k", " 16, 3 ,") == "3,16"


@pytest.mark.parametrize(
    ("name", "key", "text", "says"),
    [
        *[("compass", "angle", text, "it takes a number from 0 to 180") for text in ("181", "-1", "nan", "")],
        *[("compass", "ratio", text, "it takes a number from 0.01 to 100") for text in ("0", "100.1")],
        ("compass", "third", "maybe", "it takes true or false"),
        *[("compass", "methods", text, "values, each one of mean, ") for text in ("", "mean,evil")],
        *[
            ("speed", "k", text, "it takes 1 to 8 values, each a whole number from 1 to 64, separated by commas")
            for text in ("", "zero", "0", "65", "1.5", "1,2,3,4,5,6,7,8,9", "<b>", "�")
        ],
        *[("speed", "modes", text, "each one of fit, steps, xla") for text in ("", "warp", "fit;steps", "fit," * 9)],
    ],
)  # fmt: skip
def test_a_bad_text_gets_a_sentence(name, key, text, says):
    assert says in ALL[name].refuse(key, text)
    with pytest.raises(ValueError, match="validation error"):
        ALL[name].read({key: text})


@given(st.sampled_from(CASES), st.text(max_size=30))
def test_any_text_is_refused_or_read(case, text):
    name, key = case
    if ALL[name].refuse(key, text) is None:
        assert ALL[name].refuse(key, ALL[name].present(key, text)) is None
