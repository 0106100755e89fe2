"""The gallery's JavaScript on an empty page, without a server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from components import browser

pytestmark = pytest.mark.browser

#: Draws the gallery of three pictures as Python last knew it: the chosen keys, after that many choices.
DRAW = """([chosen, turn]) => {
  window.sent ??= []
  const items = ["x", "y", "z"].map((key) => ({ key, title: key, note: "", view: [0, 0, 9, 9], shapes: [] }))
  const data = { label: "Letters", many: true, chosen, items, high: "3rem", turn }
  const setTriggerValue = (_, choice) => sent.push(choice)
  twoHeads.render("gallery", { data, parentElement: document.querySelector("main"), setTriggerValue })
}"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    page = context.new_page()
    page.set_content(f"<html lang=en><title>Gallery</title><body><main></main><script>{browser.script()}</script>")
    yield page
    context.close()


def ticked(page: Page) -> list[str]:
    found: list[str] = page.evaluate("[...document.querySelectorAll('input:checked')].map((input) => input.value)")
    return found


def test_a_tick_outlives_an_answer_that_was_made_before_it(page: Page) -> None:
    page.evaluate(DRAW, [["x"], 7])
    page.get_by_role("checkbox", name="y").check()
    page.evaluate(DRAW, [["x"], 7])
    assert ticked(page) == ["x", "y"], "also after the page was loaded anew"
    page.evaluate(
        "() => { window.sent = []; document.querySelector('main').replaceWith(document.createElement('main')) }"
    )
    page.evaluate(DRAW, [[], 0])
    page.get_by_role("checkbox", name="x").check()
    page.get_by_role("checkbox", name="y").check()
    page.evaluate(DRAW, [["x"], 1])
    expect(page.get_by_role("checkbox", name="y")).to_be_checked()
    page.get_by_role("checkbox", name="z").check()
    assert page.evaluate("sent") == [
        {"keys": ["x"], "turn": 1}, {"keys": ["x", "y"], "turn": 2}, {"keys": ["x", "y", "z"], "turn": 3},
    ]  # fmt: skip
    page.evaluate(DRAW, [["z"], 3])
    assert ticked(page) == ["z"], "Python has got all of them, and decides"
    page.evaluate(DRAW, [["x"], 3])
    assert ticked(page) == ["x"], "such as a link, or another part of the page"
    page.context.set_offline(True)
    page.get_by_role("checkbox", name="y").check()
    page.context.set_offline(False)
    page.evaluate(DRAW, [["z"], 3])
    assert ticked(page) == ["z"], "what was chosen without a connection is lost"
