"""The reader of a stranger's file: what the library writes is read, everything else gets a sentence."""

import base64
import gzip
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.lab.measured_file.advice import advise
from backend.lab.measured_file.reader import MOST_BYTES, Unreadable, read, unpack
from backend.packed import MOST_PACKED
from tests.backend.lab.measured_files import CALM, CLASH, UNDEFINED, document, file, text


def packed(data):
    return base64.b64encode(gzip.compress(data)).decode()


def test_what_the_library_writes_is_read_and_packed_text_stays_the_same():
    written = text(CALM, CLASH, UNDEFINED, heads=("a", "b", "c"))
    found = read(unpack(packed(written.encode())))
    assert found.heads == ("a", "b", "c")
    assert [entry.epoch for entry in found.history] == [0, 1, 2]
    assert (found.history[1].pairs[2].heads, found.history[1].pairs[2].cosine) == (("b", "c"), -0.5)
    assert found.batches == 32
    assert found.history[2].pairs[0].conflict_rate is None


@pytest.mark.parametrize(
    "written",
    [
        "",
        "[" * 100_000,
        "[]",
        "{}",
        text(schema=2),
        text().replace('"schema": 1', '"schema": 1' + "0" * 5000),
        text(heads=[f"h{i}" for i in range(65)]),
        text(heads=("a", "a")),
        text((1.01, 1.0, 0.5)),
        text((float("nan"), 1.0, 0.5)),
        text((0.1, 1.0, 0.5)).replace("1.0", "1e999"),
        text((0.1, 1.0, 1.5)),
        text(rows=0),
        text(history=[]),
        text(history=[{"epoch": -1, "pairs": []}]),
        text(weights="/etc/passwd"),
        text(heads=("a", "b", "c")).replace('["b", "c"]', '["a", "b"]'),
        text(history=document()["history"][::-1]),
        text(CALM, padding="x" * MOST_BYTES),
    ],
    ids=range(19),
)
def test_a_strange_file_gets_a_sentence(written):
    with pytest.raises(Unreadable):
        read(written)


@pytest.mark.parametrize(
    "sent",
    [
        "x" * (MOST_PACKED + 1),
        "no Base64",
        base64.b64encode(b"no gzip").decode(),
        packed(text().encode())[:-12],
        packed(b" " * (MOST_BYTES + 1)),
        packed(b" " * 100_000_000),
        packed(b"\xff\xfe"),
    ],
    ids=range(7),
)
def test_what_a_browser_sends_gets_a_sentence(sent):
    with pytest.raises(Unreadable):
        unpack(sent)


def outcome(function, of):
    """What the function returns, or its sentence. Any other exception fails the test."""
    try:
        return function(of)
    except Unreadable as unreadable:
        return str(unreadable)


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just(10**400),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def _places(value, path=()):
    """The paths of all values inside of one."""
    yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inside:
        yield from _places(each, (*path, key))


@st.composite
def hostile(draw):
    """A good file in which values are replaced, removed or added, or its text is cut or changed."""
    found = document(CALM, CLASH, UNDEFINED, heads=draw(st.sampled_from([("a", "b"), ("a", "b", "<script>")])))
    for _ in range(draw(st.integers(1, 3))):
        *path, last = draw(st.sampled_from([each for each in _places(found) if each]))
        inside = found
        for key in path:
            inside = inside[key]
        if draw(st.booleans()):
            inside[last] = draw(_values)
        elif isinstance(inside, dict) and draw(st.booleans()):
            inside[draw(st.text(max_size=50))] = draw(_values)
        else:
            del inside[last]
    written = json.dumps(found, ensure_ascii=draw(st.booleans()))
    start, stop = sorted(draw(st.tuples(st.integers(0, len(written)), st.integers(0, len(written)))))
    return draw(st.sampled_from([written, written[:start], written[:start] + draw(st.text()) + written[stop:]]))


@pytest.mark.slow
@settings(max_examples=400)
@given(hostile() | st.text() | st.binary().map(lambda data: data.decode("latin-1")))
def test_every_text_is_read_or_gets_a_sentence(written):
    found = outcome(read, written)
    if isinstance(found, str):
        assert re.fullmatch(r"This .*\.", found, re.DOTALL)
        assert len(found) < 400
    else:
        advice = advise(found, found.heads)
        assert all(each.endswith(".") for each in (advice.headline, *advice.sentences))


@given(st.text() | st.binary().map(packed))
def test_every_message_is_unpacked_or_gets_a_sentence(sent):
    found = outcome(unpack, sent)
    assert isinstance(found, str)


NOTHING, WEIGHTS, UNCLEAR = "no reason", "Try", "cannot tell"


@pytest.mark.parametrize(
    ("found", "headline"),
    [
        (file(CALM, CALM), NOTHING),
        (file(CLASH, CLASH), WEIGHTS),
        (file(LONG := (0.3, 30.0, 0.2), LONG), WEIGHTS),
        (file(CALM, (0.3, 5e-324, 0.2)), WEIGHTS),
        (file(CLASH), UNCLEAR),  # only the start of the training
        (file(CLASH, CLASH, rows=100), UNCLEAR),  # few batches
        (file(CALM, UNDEFINED), UNCLEAR),
        (file(CALM, (-0.1, 1.0, 0.5)), UNCLEAR),
    ],
    ids=range(8),
)
def test_the_advice(found, headline):
    assert headline in advise(found, found.heads).headline
