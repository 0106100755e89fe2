"""The shelf: an operator's own lessons stand beside the shipped ones, and a broken one is named with its line."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.builders.lessons import GOLDEN
from tests.builders.pages import SHELL


@pytest.fixture
def learn(serve, tmp_path):
    """Opens the page on a server without workers, with these files in the operator's folder."""

    def open_page(files, **query):
        folder = tmp_path / "lessons"
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        serve(lessons=folder)
        at = AppTest.from_file(str(SHELL))
        for key, value in query.items():
            at.query_params[key] = value
        at.run()
        at.switch_page("learn.py").run()
        assert not at.exception
        return at

    return open_page


def test_a_broken_lesson_is_named_and_the_others_work(learn):
    at = learn({"good.md": GOLDEN, "bad.md": GOLDEN.replace("totals, ratio", "totals, curves")})
    (warning,) = at.warning
    said = warning.value.replace("\\", "").replace("\u2060", "")
    assert "bad.md:13: There is no panel “curves” on the page train" in said
    assert [header.value for header in at.header][-1].endswith("A small lesson\\: two steps")
    at.button(key="learn.open.small").click().run()
    assert [header.value for header in at.header] == ["The sum"]


def test_free_text_of_a_lesson_is_only_displayed(learn):
    title = "# A [link](https://example.org) <b>and</b> :red[more] $x$"
    text = GOLDEN.replace('"A small lesson: two steps"', f"'{title}'").replace("## The sum", "## :red[The] *sum*")
    at = learn({"text.md": text}, lesson="small")
    assert at.title[0].value.startswith("\\# A \\[link\\]\\(https")
    assert "\\<b\\>" in at.title[0].value
    assert at.header[0].value.startswith("\\:")
