"""The page fits its window, phone to desk, and is dark where the visitor's system is."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pytest
from playwright.sync_api import expect

from tests.browser.places import PLACES, Place
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

#: The boxes of what stands on the page in its own right: blocks of the page, and what shares a row.
BOXES = """() => {
  const main = document.querySelector("[data-testid=stMainBlockContainer] > [data-testid=stVerticalBlock]")
  const rows = main.querySelectorAll("[data-testid=stHorizontalBlock], .stGrid")
  const groups = [main, ...rows].map((group) => [...group.children])
  return groups.map((group) => group
    .filter((block) => block.offsetWidth && block.offsetHeight)
    .map((block) => {
      const { left, top, right, bottom } = block.getBoundingClientRect()
      return { name: block.innerText.slice(0, 40), left, top, right, bottom }
    }))
}"""


#: Whatever is white, or nearly, and larger than a letter.
WHITE = """() => [...document.querySelectorAll("body, body *")].filter((node) => {
  const box = node.getBoundingClientRect()
  if (node.closest("text")) return false
  if (box.width * box.height < 400) return false
  const style = getComputedStyle(node)
  const colour = node instanceof SVGElement && node.tagName !== "svg" ? style.fill : style.backgroundColor
  const [red, green, blue, alpha = 1] = (colour.match(/[\\d.]+/g) ?? [0, 0, 0, 0]).map(Number)
  return alpha > 0.5 && Math.min(red, green, blue) > 200
}).map((node) => node.outerHTML.slice(0, 200))"""


@pytest.mark.parametrize("size", [(390, 844), (1024, 768), (1440, 900)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_it_fits_the_window(visitor: Callable[..., Visit], size: tuple[int, int]) -> None:
    visit = visitor(viewport={"width": size[0], "height": size[1]})
    for place in PLACES:
        fits(visit, place, *size)


def fits(visit: Visit, place: Place, width: int, height: int) -> None:
    page = visit.open(place.path)
    place.stand(visit)
    expect(page.get_by_text("The question:")).to_be_attached()

    for scroller in ("document.documentElement", "document.querySelector('[data-testid=stMain]')"):
        assert page.evaluate(f"{scroller}.scrollWidth - {scroller}.clientWidth") <= 0, f"{place} scrolls sideways"
    title = page.get_by_role("heading", level=1).bounding_box()
    assert title
    assert title["x"] >= 0
    assert title["y"] >= 0
    assert title["x"] + title["width"] <= width
    assert title["y"] + title["height"] <= height / 3

    groups = page.evaluate(BOXES)
    assert len(groups[0]) >= 5, groups
    for group in groups:
        for box in group:
            assert box["left"] >= 0, box
            assert box["right"] <= width + 1, box
        for one, other in combinations(group, 2):
            across = min(one["right"], other["right"]) - max(one["left"], other["left"])
            down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
            assert across <= 1 or down <= 1, f"{one} lies over {other}"


def test_dark_is_dark_everywhere(visitor: Callable[..., Visit]) -> None:
    visit = visitor(color_scheme="dark")
    for place in PLACES:
        page = visit.open(place.path)
        expect(page.get_by_role("heading", level=1)).to_have_text(place.title)
        place.stand(visit)
        assert page.evaluate(WHITE) == [], place
