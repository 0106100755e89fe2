"""Codes, tokens, invitations and aliases."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from backend.rooms import tokens
from backend.rooms.alias import MOST_NAME, clean_name


@given(st.text(max_size=12))
def test_no_text_crashes_the_reader_of_codes(text):
    read = tokens.read_code(text)
    assert read is None or (len(read) == 6 and set(read) <= set(tokens.ALPHABET))


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_token_matches_its_own_digest_alone(one, other):
    assert tokens.matches(one, tokens.digest(one))
    assert tokens.equal(one, one)
    assert tokens.matches(one, tokens.digest(other)) is (tokens.digest(one) == tokens.digest(other))
    assert not tokens.matches(one, one)
    assert not tokens.matches(one, "")


@given(st.text(max_size=80))
@example("0 \x08 0")
def test_a_name_is_one_short_line_of_signs_that_can_be_seen(text):
    name = clean_name(text)
    assert len(name) <= MOST_NAME
    assert name == name.strip()
    assert name.isprintable()
    assert clean_name(name) == name
