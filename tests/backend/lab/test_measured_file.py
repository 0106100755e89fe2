"""The reader of a stranger's file: what the library writes is read, everything else gets a sentence."""

import base64
import gzip
import json
import re
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.lab.measured_file.advice import advise
from backend.lab.measured_file.reader import MOST_BYTES, MOST_HEADS, Unreadable, read, unpack
from backend.packed import MOST_PACKED
from tests.backend.lab.measured_files import CALM, CLASH, UNDEFINED, document, file, text


def packed(data):
    return base64.b64encode(gzip.compress(data)).decode()


def refusal(of, function=read):
    with pytest.raises(Unreadable) as caught:
        function(of)
    return str(caught.value)


def test_what_the_library_writes_is_read_and_packed_text_stays_the_same():
    written = text(CALM, CLASH, UNDEFINED, heads=("a", "b", "c"))
    found = read(unpack(packed(written.encode())))
    assert found.heads == ("a", "b", "c")
    assert [entry.epoch for entry in found.history] == [0, 1, 2]
    assert (found.history[1].pairs[2].heads, found.history[1].pairs[2].cosine) == (("b", "c"), -0.5)
    assert found.batches == 32
    assert found.history[2].pairs[0].conflict_rate is None


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("", "It is not JSON."),
        ("[" * 100_000, "It is not JSON."),
        ("[]", "It is not a JSON object."),
        ("{}", "It has no schema."),
        (text(schema=2), "This file has another schema than 1, the only one that the Lab reads: 2."),
        (text().replace('"schema": 1', '"schema": 1' + "0" * 5000), "GradientConflict.save writes"),
        (text(schema=True), "The value of schema is not allowed: it takes the number 1."),
        (text(heads=("a",), history=[]), "This file has fewer than two heads, and a conflict needs two."),
        (text(heads=[f"h{i}" for i in range(65)]), "it takes the names of 2 to 64 heads"),
        (text(heads=("a", "a")), "Two of its heads have the same name."),
        (text((1.01, 1.0, 0.5)), "history[0].pairs[0].cosine is not allowed: it takes a number from −1 to 1, or null."),
        (text(("0.1", 1.0, 0.5)), "history[0].pairs[0].cosine is not allowed"),
        (text((float("nan"), 1.0, 0.5)), "history[0].pairs[0].cosine is not allowed"),
        (text((0.1, 1.0, 0.5)).replace("1.0", "1e999"), "length_ratio is not allowed: it takes a finite number from 0"),
        (text((0.1, -1.0, 0.5)), "history[0].pairs[0].length_ratio is not allowed"),
        (text((0.1, 1.0, 1.5)), "conflict_rate is not allowed: it takes a number from 0 to 1, or null."),
        (text(rows=0), "rows is not allowed: it takes a whole number from 1."),
        (text(rows=1.5), "rows is not allowed"),
        (text(history=[]), "history is not allowed: it takes a list of at least one measurement."),
        (text(history=[{"epoch": -1, "pairs": []}]), "history[0].epoch is not allowed"),
        (text(weights="/etc/passwd"), "It has weights, which GradientConflict.save does not write."),
        (text(heads=("a", "b", "c")).replace('["b", "c"]', '["a", "b"]'), "At epoch 0, it does not have each pair"),
        (text(history=document()["history"][::-1]), "Its epochs do not increase."),
        (text(CALM, padding="x" * MOST_BYTES), "more than 1,000,000 bytes"),
    ],
)  # fmt: skip
def test_a_strange_file_gets_a_sentence(written, told):
    assert told in refusal(written)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ("x" * (MOST_PACKED + 1), "more than 1,000,000 bytes"),
        ("no Base64", "damaged"),
        (base64.b64encode(b"no gzip").decode(), "damaged"),
        (packed(text().encode())[:-12], "damaged"),
        (packed(b" " * (MOST_BYTES + 1)), "more than 1,000,000 bytes"),
        (packed(b" " * 100_000_000), "more than 1,000,000 bytes"),
        (packed(b"\xff\xfe"), "It is not UTF-8 text."),
    ],
    ids=range(7),
)  # fmt: skip
def test_what_a_browser_sends_gets_a_sentence(sent, told):
    assert told in refusal(sent, unpack)


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


@pytest.mark.slow
@settings(max_examples=200)
@given(st.data())
def test_advice_is_true_of_every_file(data):
    heads = [f"h{i}" for i in range(data.draw(st.integers(2, 4)))]
    pairs = list(combinations(heads, 2))
    figures = st.tuples(
        st.none() | st.floats(-1, 1), st.none() | st.sampled_from([0.0, 0.01, 1.0, 50.0]), st.none() | st.floats(0, 1)
    )
    measured = data.draw(st.lists(st.lists(figures, min_size=len(pairs), max_size=len(pairs)), min_size=1, max_size=4))
    found = file(*measured, heads=heads, rows=data.draw(st.integers(1, 4000)))
    said = " ".join([(advice := advise(found, heads)).headline, *advice.sentences])
    after = list(zip(*(entry.pairs for entry in found.after_start), strict=True))
    if "clearly conflict: " in said:
        assert any(all(each.cosine is not None and each.cosine < 0 for each in pair) for pair in after)
    if "times as long as that of" in said:
        assert any(
            all(each.length_ratio and (each.length_ratio >= 10 or each.length_ratio <= 0.1) for each in pair)
            for pair in after
        )
    if "no reason" in said:
        assert found.batches >= 8
        assert after
        assert all(None not in (each.cosine, each.length_ratio, each.conflict_rate) for pair in after for each in pair)
        assert not any(all(each.cosine < 0 for each in pair) for pair in after)


@pytest.mark.parametrize(
    ("found", "headline", "told"),
    [
        (file(CALM, CALM), "These gradients give no reason to change anything.", "conflict in 25% of the batches"),
        (file(CLASH, CLASH), "Try other loss weights.", "a and b clearly conflict: "),
        (file(LONG := (0.3, 30.0, 0.2), LONG), "Try other loss weights.", "gradient of b is at least 30 times as long"),
        (file(CALM, (0.3, 29.97, 0.2)), "Try other loss weights.", "gradient of b is at least 29 times as long"),
        (file(CALM, (0.3, 5e-324, 0.2)), "Try other loss weights.", "gradient of a is at least 1.0 × 10¹² times"),
        (file(CALM, (0.3, 0.05, 0.2)), "Try other loss weights.", "gradient of a is at least 20 times as long"),
        (file(CLASH), "This file cannot tell whether to change anything.", "only the start of the training"),
        (file(CLASH, CLASH, rows=100), "This file cannot tell whether to change anything.", "has 4 batches"),
        (file(CLASH, CLASH, rows=3), "This file cannot tell whether to change anything.", "has 1 batch,"),
        (file(CALM, UNDEFINED), "This file cannot tell whether to change anything.", "are defined"),
        (file(CALM, (-0.1, 1.0, 0.5)), "This file cannot tell whether to change anything.", "is not clear"),
    ],
    ids=range(11),
)  # fmt: skip
def test_the_advice(found, headline, told):
    advice = advise(found, found.heads)
    assert advice.headline == headline
    assert told in " ".join(advice.sentences)


def test_the_pair_that_conflicts_most_often_does_so_after_the_start():
    never, calm = (0.3, 1.0, 0.0), [(0.3, 1.0, rate) for rate in (0.1, 0.2, 0.1)]
    found = file([(0.3, 1.0, 1.0), never, never], calm, heads=("a", "b", "c"))
    assert "a and c conflict most often: in 20% of the batches" in " ".join(advise(found, found.heads).sentences)


def test_the_advice_quotes_the_recorded_answers():
    said = " ".join(advise(file(CALM, (-0.5, 30.0, 0.95)), ("A", "B")).sentences)
    assert "The recorded answer to question 5, “Does any method beat tuned fixed weights?”, is “" in said
    assert re.search(r"question 1, “Is one head drowned by scale\?”, is “.*” with plain SGD and “.*” with Adam\.", said)


def test_64_heads_and_a_long_history():
    heads = [f"h{i}" for i in range(MOST_HEADS)]
    found = file(CALM, CALM, heads=heads)
    assert len(found.pairs) == len(found.most_conflicting) == 2016
    assert "no reason" in advise(found, heads).headline
    long = file(*[CALM] * 5000)
    shown = [entry.epoch for entry in long.shown(101)]
    assert (shown[0], shown[-1], len(shown)) == (0, 4999, 101)
    assert [entry.epoch for entry in file(CALM).shown(101)] == [0]


def test_a_pair_is_sent_to_the_compass_within_its_range():
    assert (found := file((-0.5, 1000.0, 1.0)).history[0].pairs[0].situation) is not None
    assert (found.angle, found.ratio) == (120, 100)
    assert file((0.5, 0.0, 1.0)).history[0].pairs[0].situation is None
    assert file(UNDEFINED).history[0].pairs[0].situation is None
