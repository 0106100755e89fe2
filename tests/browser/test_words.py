"""At rest, a page says little: its picture and its controls come first."""

from __future__ import annotations

import pytest

from tests.browser.places import PLACES, Place
from tests.browser.visit import DRAWN, Visit

pytestmark = pytest.mark.browser

#: The most words that a page shows at rest, at 1440 pixels, by its name.
MOST = {"Compare": 160, "Train": 250, "Claims": 200, "Speed": 250, "Topologies": 200, "Lab": 200}
#: The words that can be seen on the page, without those of code, pictures, menus, the strip of links and the footer.
WORDS = """() => {
  const skipped = "pre, code, svg, style, script, [data-testid=stHeader], [data-baseweb=select], .st-key-frame-pages, "
    + ".st-key-frame-actions, .st-key-frame-footer, [data-testid=stIconMaterial]"
  const words = []
  const read = (node) => {
    if (node instanceof Text) {
      words.push(...node.data.split(/\\s+/).filter((word) => /\\p{L}/u.test(word)))
    } else if (!(node instanceof Element) || !node.matches(skipped)
        && (getComputedStyle(node).display === "contents" || node.checkVisibility({ visibilityProperty: true }))
        && !(getComputedStyle(node).position === "absolute" && node.getBoundingClientRect().width <= 1)) {
      [...(node.shadowRoot ?? node).childNodes].forEach(read)
    }
  }
  read(document.querySelector("[data-testid=stMain]"))
  return words
}"""


@pytest.mark.parametrize("place", [place for place in PLACES if place.name in MOST], ids=str)
def test_a_page_says_little_at_rest(visit: Visit, place: Place) -> None:
    visit.open(place.path)
    place.stand(visit)
    visit.page.evaluate(DRAWN)
    words = visit.page.evaluate(WORDS)
    print(len(words), " ".join(words))
    assert 20 < len(words) <= MOST[place.name], " ".join(words)
