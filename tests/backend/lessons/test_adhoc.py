"""Ad-hoc questions: what may be asked, and that it comes back, and is shown, exactly as it was typed."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backend.lessons import InvalidLesson, adhoc, parse
from backend.lessons.adhoc import BadQuestion
from backend.lessons.lesson import LONGEST_OPTION, LONGEST_TEXT, AdHocBlock
from backend.lessons.writer import write
from backend.rooms.markdown import html_of, inline_html_of
from tests.builders.lessons import LESSON

ODD = (
    'a\n\n```step\npage: train\n```\n## B {#b}\n- [ ] c {try: "x"}\n'
    "<b>&amp;</b> $x$ :red[y] a -> b https://a.org 👩‍👩‍👧 \\ `"
)

texts = st.text(max_size=60) | st.lists(
    st.sampled_from(["\n", "\r\n", "\t", "\u2028", " ", "`", "```", "{", "}", "- [ ] ", "## ", "<b>", "&lt;", "*", "\\",
                     "\"", "'", ": ", "#", "👩‍👩‍👧", "é", "|", "1. ", "    ", "~~", "___", "[a](b)", "a"]),
    max_size=30,
).map("".join)  # fmt: skip


def typed(text: str, options: list[str]) -> AdHocBlock | None:
    try:
        return adhoc.read(text, options)
    except BadQuestion as bad:
        sentence = str(bad)
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    return None


def shown(of_html: str) -> str:
    """What a reader sees of HTML: its text, a line break for each break, and no invisible signs."""
    lines = re.sub(r"<br ?/?>\n?", "\n", of_html).replace("</p>\n<p>", "\n\n")
    plain = re.sub(r"</?p>", "", lines)
    assert not re.search(r"<[^>]*>", plain), "no other element"
    return html.unescape(plain).replace("\u2060", "").strip("\n")


@given(texts, st.lists(texts, max_size=8))
@example(ODD, [ODD, "b"])
@example("a", ["- [x] right", "## b {#b}"])
@example("a" * LONGEST_TEXT, ["b" * LONGEST_OPTION, "c" * LONGEST_OPTION])
def test_a_question_comes_back_and_is_shown_as_it_was_typed(text: str, options: list[str]) -> None:
    block = typed(text, options)
    if block is None:
        return
    assert adhoc.read(block.text, block.options) == block, "it is clean"
    lesson, position = adhoc.insert(LESSON, block, 1)
    again = parse(write(lesson), of_room=True)
    assert again.model_dump() == lesson.model_dump()
    step = again.steps[position]
    assert (step.block, step.right, step.typed) == (block, None, (block.text, block.options))
    assert 0 < len(step.title) <= 120
    assert [each.id for each in again.steps] == ["sum", "adhoc-1", "none"]
    if "\u2060" not in text + "".join(options):
        whole = step.title == adhoc.TITLE
        lines = shown(html_of(step.text)).split("\n") if step.text else []
        read = [" ".join(line.split()) for line in (lines if whole else [step.title, *lines])]
        words = [" ".join(line.split()) for line in block.text.split("\n")]
        assert [line for line in read if line] == [line for line in words if line]
        assert [shown(inline_html_of(option.text)) for option in step.options] == list(block.options)


@pytest.mark.parametrize(
    ("text", "options", "named"),
    [
        (" \n\u200b", ["a", "b"], "no text"),
        ("a" * 501, ["a", "b"], "501"),
        ("a\n" * 8 + "b", ["a", "b"], "9 lines"),
        ("a", ["b", " "], "1 option"),
        ("a", list("bcdefgh"), "7 options"),
        ("a", ["b" * 201, "c"], "201"),
        ("a", ["b", " b"], "the same"),
        ("a\0", ["b", "c"], r"U\+0000"),
    ],
)
def test_what_is_no_question_is_refused_with_a_sentence(text: str, options: list[str], named: str) -> None:
    with pytest.raises(BadQuestion, match=named):
        adhoc.read(text, options)


def test_the_file_of_a_lesson_has_no_ad_hoc_question() -> None:
    lesson, _ = adhoc.insert(LESSON, adhoc.read("a", ["b", "c"]), 0)
    with pytest.raises(InvalidLesson, match="“page” takes one of"):
        parse(write(lesson))


def test_questions_are_asked_in_the_order_in_which_they_are_added_and_taken_back_in_the_other() -> None:
    lesson, places = LESSON, []
    for text in "abc":
        lesson, position = adhoc.insert(lesson, adhoc.read(text, ["b", "c"]), 1)
        places.append(position)
    assert (places, [step.id for step in lesson.steps]) == ([1, 2, 3], ["sum", "adhoc-1", "adhoc-2", "adhoc-3", "none"])
    assert adhoc.last_added(lesson) == 3
    assert adhoc.last_added(LESSON) is None
