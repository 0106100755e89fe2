"""The glossary's words in the text of a page: underlined where it uses them first, and explained there."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import TARGETS_TOO, faults
from tests.browser.visit import DRAWN, Visit

pytestmark = pytest.mark.browser

#: What the first screen of Compare shows to a newcomer.
FIRST_SCREEN = ("thread", "head", "kernel", "edge", "LSTM", "Dense")
MOST = 13  # few underlines look quiet

#: The words that are marked, and those of them that are in the window.
MARKED = """() => {
  const marks = [...document.querySelectorAll(".glossary-term")]
  const inWindow = (mark) => {
    const { top, bottom, left, right } = mark.getBoundingClientRect()
    return top >= 0 && bottom <= innerHeight && left >= 0 && right <= innerWidth
  }
  const names = (some) => some.map((mark) => mark.dataset.word)
  return [names(marks), names(marks.filter(inWindow))]
}"""
#: Whether the line below the mark of a word is at the bottom of the letters under its middle, to two pixels.
UNDER_ITS_WORD = """(word) => {
  const mark = document.querySelector(`.glossary-term[data-word='${word}']`)
  if (!mark) return false
  const { left, width, bottom } = mark.getBoundingClientRect()
  mark.style.visibility = "hidden"
  const found = document.caretPositionFromPoint(left + width / 2, bottom - 8)
  mark.style.visibility = ""
  if (!found) return false
  const range = document.createRange()
  range.selectNode(found.offsetNode)
  return [...range.getClientRects()].some((line) => Math.abs(line.bottom - bottom) < 2)
}"""


def term(page: Page, word: str) -> Locator:
    return page.locator(f".glossary-term[data-word='{word}']")


def test_each_word_is_underlined_once_and_a_card_opens_by_hover_and_is_no_stop_of_the_tab_key(visit: Visit) -> None:
    page = visit.open("/")
    for word in FIRST_SCREEN:  # leaves none unexplained
        expect(term(page, word)).to_be_in_viewport()
    page.evaluate(DRAWN)
    marked, in_window = page.evaluate(MARKED)
    assert len(marked) == len(set(marked))
    assert len(in_window) <= MOST, in_window
    page.wait_for_function(UNDER_ITS_WORD, arg="thread")
    assert not [shift for shift in page.evaluate("window.shifts") if "glossary-term" in "".join(shift["nodes"])]

    thread, card = term(page, "thread"), page.locator(".glossary-card")
    thread.hover()
    expect(card).to_contain_text("The question on Stack Overflow")
    card.hover()  # the pointer may rest on it
    expect(card).to_be_visible()
    assert not faults(page, TARGETS_TOO)
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    thread.hover()
    expect(card).to_be_visible()
    page.mouse.move(5, 5)
    expect(card).to_have_count(0)

    page.get_by_role("link", name="Stack Overflow").first.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.glossary-terms') === null")
    expect(page.locator(".glossary-terms").first).to_have_attribute("aria-hidden", "true")
