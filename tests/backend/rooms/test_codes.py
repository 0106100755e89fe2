"""Codes, tokens, invitations and aliases."""

from __future__ import annotations

import base64
import hashlib

from hypothesis import example, given
from hypothesis import strategies as st

from backend.rooms import tokens
from backend.rooms.alias import MOST_NAME, clean_name


def test_a_code_has_six_of_thirty_one_signs_that_look_different():
    assert len(set(tokens.ALPHABET)) == len(tokens.ALPHABET) == 31
    assert not set(tokens.ALPHABET) & set("IO015")
    codes = {tokens.new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(tokens.read_code(code) == code for code in codes)


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


def test_tokens_and_invitations_differ_and_follow_from_their_secret():
    assert len({tokens.new_token() for _ in range(50)}) == 50
    assert len(tokens.new_token()) == 32
    assert tokens.digest("token") == hashlib.sha256(b"token").hexdigest()
    mine = {tokens.participant_token(secret, number) for secret in ("a", "b") for number in range(1, 201)}
    assert len(mine) == 400
    found = {tokens.invitation(secret, code) for secret in ("a", "b") for code in ("ABC234", "ABC236")}
    assert len(found) == 4
    assert all(len(base64.urlsafe_b64decode(each)) * 8 == 96 for each in found)
    assert tokens.invitation("a", "ABC234") == tokens.invitation("a", "ABC234")
