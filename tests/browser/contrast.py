"""What axe finds in both schemes, and the contrast of text in pictures, which it does not judge: Plotly's, our SVG."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.axe import COLOURS, TARGETS_TOO, faults
from tests.browser.visit import UNDRAWN
from tests.builders.colours import contrast

#: The page's ground, by which one sees that its colours are there.
GROUNDS = {"dark": "rgb(15, 20, 27)", "light": "rgb(255, 255, 255)"}

#: WCAG 1.4.3, for text of any size.
ENOUGH = 4.5

#: Each visible text of an SVG, with the place of its letters and its colour. What has no letter or digit is a mark, for
#: which 3 : 1 is enough (tests/components/test_theme.py).
_TEXTS = """() => {
  const roots = [document]
  for (const root of roots) {
    for (const node of root.querySelectorAll("*")) if (node.shadowRoot) roots.push(node.shadowRoot)
  }
  const found = []
  const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })
  const rgba = (colour) => {  // computed colours have many forms: rgb(…), color(srgb …), oklab(…)
    pen.clearRect(0, 0, 1, 1)
    pen.fillStyle = colour
    pen.fillRect(0, 0, 1, 1)
    return [...pen.getImageData(0, 0, 1, 1).data]
  }
  for (const text of roots.flatMap((root) => [...root.querySelectorAll("svg text")])) {
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const words = walker.currentNode
      const style = getComputedStyle(words.parentElement)
      if (!/[\\p{L}\\p{N}]/u.test(words.data) || style.visibility !== "visible" || style.fill === "none") continue
      const range = document.createRange()
      range.selectNodeContents(words)
      const { left, top, width, height } = range.getBoundingClientRect()
      if (!width || !height) continue
      let opacity = Number(style.fillOpacity)
      for (let node = words.parentElement; node; node = node.parentElement) opacity *= getComputedStyle(node).opacity
      found.push({ words: words.data, left, top, width, height, fill: rgba(style.fill), opacity, size: style.fontSize })
    }
  }
  return found
}"""

_SHOW = """(shown) => {
  const roots = [document]
  for (const root of roots) {
    for (const node of root.querySelectorAll("*")) if (node.shadowRoot) roots.push(node.shadowRoot)
  }
  for (const root of roots) {
    for (const text of root.querySelectorAll("svg text")) text.style.opacity = shown ? "" : "0"
  }
}"""

#: Whether every chart of Plotly is drawn on that ground, after a change of the scheme.
_DRAWN = """(ground) => [...document.querySelectorAll(".stPlotlyChart")].every((chart) => {
  const svg = chart.querySelector(".main-svg")
  return svg && getComputedStyle(svg).backgroundColor === ground
})"""


def low_contrasts(page: Page, ground: str) -> Iterator[str]:
    """Each text in a picture in view with less contrast than 4.5 : 1, on a page whose background is `ground`.

    A text's background is the most frequent colour behind its letters, in a screenshot without text.
    """
    page.wait_for_function(_DRAWN, arg=ground)
    texts = page.evaluate(_TEXTS)
    page.evaluate(_SHOW, False)
    picture = np.asarray(Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB"))
    pixels = picture @ np.array([1 << 16, 1 << 8, 1])  # one number for each colour
    page.evaluate(_SHOW, True)
    for text in texts:
        behind = _behind(pixels, text)
        if behind is None:
            continue
        letters, area = _hex(_over(text, behind)), _hex(behind)
        if (found := contrast(letters, area)) < ENOUGH:
            yield f"contrast {found:.2f} of “{text['words']}” ({letters}, {text['size']}) on {area}"


def faults_in(page: Page, scheme: str, within: str | None = None) -> Iterator[str]:
    """What axe finds in `scheme`, and text in pictures, which axe does not read, with too little contrast.

    `within` is the selector of the part that is read, without pictures. Axe looks for all faults in the first scheme,
    and in the other one for those of colours.
    """
    page.mouse.move(0, 0)
    expect(page.get_by_role("tooltip")).to_have_count(0)  # Streamlit draws them outside of every landmark
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", GROUNDS[scheme])
    page.locator("[data-test-script-state=notRunning]").wait_for()
    expect(page.locator(UNDRAWN)).to_have_count(0)
    rules = TARGETS_TOO if scheme == next(iter(GROUNDS)) else COLOURS
    drawn = () if within else low_contrasts(page, GROUNDS[scheme])
    for fault in (*faults(page, rules, within), *drawn):
        yield f"{scheme}: {fault}"


def _behind(pixels: np.ndarray, text: dict[str, Any]) -> np.ndarray | None:
    """The most frequent colour behind a text; None out of view."""
    left, top = max(0, int(text["left"])), max(0, int(text["top"]))
    box = pixels[top : int(text["top"] + text["height"]) + 1, left : int(text["left"] + text["width"]) + 1]
    if not box.size:
        return None
    colours, counts = np.unique(box, return_counts=True)
    colour = int(colours[counts.argmax()])
    return np.array([colour >> 16, colour >> 8 & 255, colour & 255])


def _over(text: dict[str, Any], behind: np.ndarray) -> np.ndarray:
    """The colour of the letters, with their opacity, on what is behind them."""
    *letters, alpha = text["fill"]
    opacity = text["opacity"] * alpha / 255
    return np.rint(opacity * np.array(letters) + (1 - opacity) * behind)


def _hex(colour: np.ndarray) -> str:
    return "#" + "".join(f"{int(part):02x}" for part in colour)
