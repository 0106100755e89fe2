"""The lab in a link: what is written is read again, and a bad value is refused with what is allowed."""

from __future__ import annotations

import pytest
from hypothesis import given
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


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("angle", "181"), ("angle", "-1"), ("angle", "nan"), ("angle", "1e2"), ("angle", ""), ("ratio", "0"),
        ("ratio_c", "100.1"), ("third", "yes"), ("methods", ""), ("methods", "mean,evil"), ("methods", "mean,mean"),
    ],
)  # fmt: skip
def test_a_bad_text_is_refused(key, text):
    assert url.refuse(key, text)
    with pytest.raises(ValueError, match=key):
        url.read({**url.DEFAULTS, key: text})
