"""Phones, and pages that are led by keys alone."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Page

from tests.browser.visit import PAGE

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
#: The fewest pixels of a target for a thumb.
THUMB = 44
#: The words of what has the focus, and whether it is a radio button.
FOCUS = """() => {
  const node = document.activeElement
  const label = node.closest("label") ?? node
  return [node.tagName === "INPUT" ? node.type : node.tagName, label.innerText || node.ariaLabel || ""]
}"""


def tab_to(page: Page, kind: str, words: str | re.Pattern[str]) -> None:
    """Press Tab until an element of that kind with these words has the focus."""
    pattern = re.compile(re.escape(words) if isinstance(words, str) else words.pattern)
    end = time.monotonic() + PAGE / 1000
    while time.monotonic() < end:
        page.keyboard.press("Tab")
        found, text = page.evaluate(FOCUS)
        if found == kind and pattern.search(text):
            return
    raise AssertionError(f"no Tab leads to {kind} {words}")


def press(page: Page, words: str) -> None:
    tab_to(page, "BUTTON", words)
    page.keyboard.press("Enter")
