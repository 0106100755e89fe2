import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.text import for_markdown, for_plotly, one_line, spoken


def test_what_streamlit_reads_after_the_escapes_stays_text():
    for text in ("https://a.org", "HTTP://a.org", "www.a.org", "me@a.org", "a -> b <- c -- d >= e <= f ~= g"):
        marked = for_markdown(text)
        assert marked.replace("\u2060", "").replace("\\", "") == text
        assert not re.search(r"https?:|www\.|\w@|->|<-|--|>=|<=|~=", marked.replace("\\", ""), re.IGNORECASE)
    assert "\u2060" not in for_markdown("A lesson: two steps, (a) - b. c > d")


@given(st.text(), st.integers(1, 80))
def test_one_line_is_one_short_line(text, limit):
    line = one_line(text, limit)
    assert len(line) <= limit
    assert len(line.splitlines()) <= 1
    assert line.isprintable() or "\u3000" in line or any(c.isspace() for c in line)


@given(st.text())
def test_html_and_formulas_are_escaped_for_plotly(text):
    safe = for_plotly(text, 1000)
    assert not set("<>$") & set(safe)


def test_markdown_marks_are_escaped():
    assert for_markdown("**a** [b](c) <i> $x$ :red[d] :smile:") == (
        "\\*\\*a\\*\\* \\[b\\]\\(c\\) \\<i\\> \\$x\\$ \\:\u2060red\\[d\\] \\:\u2060smile\\:"
    )


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        (
            ":red[**✗ Not right:** you predicted “no”.] Measured: **yes**.",
            "✗ Not right: you predicted “no”. Measured: yes.",
        ),
        (":material/timer: **Yours**, in [0.8, 1.2]", "Yours, in [0.8, 1.2]"),
        ("[Keras](https://keras.io) has `fit`  \nand 2 \\* 3", "Keras has fit and 2 * 3"),
        (':color[■]{foreground="#0d9488"} level', "■ level"),
    ],
)
def test_a_screen_reader_gets_words_alone(markdown, words):
    assert spoken(markdown) == words
