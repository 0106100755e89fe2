"""An ad-hoc question on the pages of host and board, by AppTest through the shell, on a server without workers."""

from __future__ import annotations

import pytest

from backend.lessons.adhoc import as_markdown
from components.text import for_markdown
from tests.builders.pages import labels
from tests.builders.room_pages import again, coloured, distribution, led, press, said

FIRST, REST = "Which <b>one</b> is *yours*?", "- [x] `a` -> $b$"
TEXT = f"{FIRST}\n{REST}"
ADD = "Ask it next"


def field(at, name):
    (found,) = (each for each in at.text_area if each.key.startswith(f"room.adhoc.{name}."))
    return found


def ask(at, text, *options):
    field(at, "text").set_value(text)
    field(at, "options").set_value("\n".join(options))
    return press(at, ADD)


@pytest.mark.slow
def test_the_host_types_a_question_and_leads_through_it(room, cookies):
    at = led(room, cookies)
    ask(at, TEXT, "**me**", "you & I", "", ":red[nobody]")
    assert [step.id for step in room.view.room.lesson.steps[:2]][1:] == ["adhoc-1"]
    assert room.view.room.lesson.steps[1].typed == (TEXT, ("**me**", "you & I", ":red[nobody]"))
    assert "<strong>Your question comes next.</strong>" in said(at)
    assert as_markdown(" ".join(TEXT.split())) in said(at)
    assert (field(again(at), "text").value, field(at, "options").value) == ("", "")
    room.act("skip")
    at = again(at)
    assert "comes next" not in said(at)
    assert for_markdown(FIRST) in [each.value for each in at.header]
    assert as_markdown(REST) in said(at)
    assert as_markdown("**me**") in said(at)
    assert "**me**" not in said(at), "none of it is Markdown"
    assert "ready" not in said(at), "nothing is measured"
    for who in room.view.present:
        room.answer(who, who.number % 2, step=1, sure="certain")
    press(at, "Freeze the answers")
    assert (coloured(at), len(distribution(at))) == ("Reveal: the votes", 3)
    assert "Let them discuss" in labels(at)
    assert not [words for words in ("✓", "certain of", "ready yet") if words in said(at)]
    press(at, "Reveal: the votes")
    assert coloured(at) == "Next question"
    assert "Question 2 of " in said(at)
    assert "the votes are shown" in said(at)
    press(at, "Next question")
    assert room.view.room.state.step == 2
