"""The lab in a link: what is written is read again, and a bad value is refused with what is allowed."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backend.lab import url
from backend.lab.situation import Situation
from two_heads.weightings import AGGREGATORS

KEYS = list(AGGREGATORS)
states = st.builds(
    url.LabState,
    st.builds(Situation, st.integers(0, 180).map(float), st.integers(1, 10000).map(lambda i: i / 100), st.booleans()),
    st.sets(st.sampled_from(KEYS), min_size=1).map(lambda keys: tuple(sorted(keys, key=KEYS.index))),
    st.booleans(),
)


@given(states)
def test_a_state_is_read_as_it_was_written(state):
    assert url.read(url.write(state)) == state


@given(st.floats(0, 180))
@example(1e-5)
def test_every_number_is_written_as_one_that_is_read(angle):
    assert url.refuse("angle", url.number(angle)) is None
    assert float(url.number(angle)) == pytest.approx(angle, rel=1e-6, abs=1e-12)


def test_the_defaults_are_the_first_state():
    assert url.read(url.DEFAULTS) == url.LabState()
    assert url.DEFAULTS["methods"] == "mean,mgda,pcgrad,upgrad"


@pytest.mark.parametrize(
    ("key", "text", "allowed"),
    [
        ("angle", "181", "it takes a number from 0 to 180"),
        ("angle", "-1", "it takes a number from 0 to 180"),
        ("angle", "nan", "it takes a number from 0 to 180"),
        ("angle", "1e2", "it takes a number from 0 to 180"),
        ("angle", "", "it takes a number from 0 to 180"),
        ("ratio", "0", "it takes a number from 0.01 to 100"),
        ("ratio_c", "100.1", "it takes a number from 0.01 to 100"),
        ("third", "yes", "it takes one of 0, 1"),
        ("methods", "", "it takes one or more of mean, mgda, "),
        ("methods", "mean,evil", "it takes one or more of mean, mgda, "),
        ("methods", "mean,mean", "it takes one or more of mean, mgda, "),
    ],
)
def test_a_bad_text_is_refused_with_what_is_allowed(key, text, allowed):
    assert str(url.refuse(key, text)).startswith(allowed)
    with pytest.raises(ValueError, match=key):
        url.read({**url.DEFAULTS, key: text})
