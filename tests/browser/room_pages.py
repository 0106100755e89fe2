"""The pages of a room in a browser: a participant's phone, and checks that pages suit a projector and a phone."""

from __future__ import annotations

from playwright.sync_api import Frame, Locator, Page, TimeoutError, expect

from backend.lessons.answers import LETTERS
from tests.browser.axe import faults
from tests.browser.keys import THUMB, tab_to
from tests.browser.visit import PAGE, UNDRAWN, Visit

BOARD = {"viewport": {"width": 1920, "height": 1080}}
#: The fewest pixels of text on a wall.
READABLE = 28
#: All text on a page with its size on the screen, in pixels: also in components, and in pictures, which are scaled.
TEXTS = """() => {
  const roots = [document.querySelector("[data-testid=stMain], main")]
  for (const root of roots) {
    for (const node of root.querySelectorAll("*")) if (node.shadowRoot) roots.push(node.shadowRoot)
  }
  const found = []
  for (const root of roots) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const node = walker.currentNode, parent = node.parentElement
      if (!node.data.trim() || ["STYLE", "SCRIPT"].includes(parent?.tagName)) continue
      const range = document.createRange()
      range.selectNodeContents(node)
      const box = range.getBoundingClientRect()
      if (box.width < 2 || !parent.checkVisibility({ visibilityProperty: true })) continue
      const drawing = parent.closest("svg")
      const scale = drawing ? drawing.getScreenCTM().a : 1
      found.push({ words: node.data.trim(), size: scale * parseFloat(getComputedStyle(parent).fontSize),
        bottom: box.bottom, right: box.right })
    }
  }
  return found
}"""
#: What is too small on a wall, or not on the screen.
UNFIT = f"""() => ({TEXTS})().filter(({{ size, bottom, right }}) =>
  size < {READABLE} - 0.1 || bottom > innerHeight + 1 || right > innerWidth + 1)"""
#: What can be pressed on a page, also in components, with its words and its height.
TARGETS = """() => {
  const roots = [document.querySelector("[data-testid=stMain], main")]
  for (const root of roots) {
    for (const node of root.querySelectorAll("*")) if (node.shadowRoot) roots.push(node.shadowRoot)
  }
  // Of an option on a phone, all of its field can be pressed.
  const kinds = "button, a, summary, textarea, select, input:not([type=radio], .option-field [type=checkbox]), " +
    "[role=combobox], .option-field, [data-testid=stRadioOption], [tabindex='0']"
  // What every page has, terms of a formula in a text, and code.
  const others = "[class*=st-key-frame-], [data-testid=stTooltipIcon]:not(:has(button)), a[href^='#part-'], " +
    "pre, .stCode"
  const boxes = "[data-baseweb=select], [data-baseweb=input], [data-testid=stSelectbox] > div"
  return roots.flatMap((root) => [...root.querySelectorAll(kinds)])
    .filter((node) => node.checkVisibility() && node.getBoundingClientRect().width > 2 && !node.closest(others))
    .map((node) => {
      const { height } = (node.closest(boxes) ?? node).getBoundingClientRect()
      return [node.innerText || node.ariaLabel || node.outerHTML.slice(0, 200), Math.round(height)]
    })
}"""
#: What makes a page scroll sideways.
OUTSIDE = """() => {
  const main = document.querySelector("[data-testid=stMain], main")
  const wide = [document.documentElement, main].some((node) => node.scrollWidth > node.clientWidth)
  return !wide ? [] : [...main.querySelectorAll("*")]
    .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
    .map((node) => [node.className.toString().slice(0, 80), node.textContent.slice(0, 40)])
}"""


class Learner:
    """A participant on a phone, whose page has no Streamlit."""

    def __init__(self, visit: Visit) -> None:
        self.visit, self.page = visit, visit.page

    def says(self, words: str) -> None:
        expect(self.page.get_by_role("status").filter(has_text=words)).to_be_visible()

    def sees(self, words: str) -> None:
        expect(self.page.get_by_text(words).first).to_be_visible()

    def option(self, position: int) -> Locator:
        return self.page.locator(".option-field").nth(position)

    def answers(self, position: int) -> None:
        self.option(position).click()
        self.says("Sent.")
        expect(self.option(position).get_by_role("radio")).to_be_checked()

    def answers_by_keys(self, position: int) -> None:
        """Answer by keyboard alone, and check what a screen reader reads."""
        tab_to(self.page, "radio", LETTERS[0])
        self.page.keyboard.press("Space")
        for _ in range(position):
            self.page.keyboard.press("ArrowDown")
        expect(self.option(position).get_by_role("radio")).to_be_checked()
        self.says("Sent.")

    @property
    def name(self) -> str:
        """The line with alias and number."""
        return self.page.get_by_text("Your number is").inner_text()


def _waits_for_none(page: Page, unwanted: str, where: str) -> None:
    """Wait until the script `unwanted` returns an empty list in the page. If it does not, name what it found."""
    try:
        page.wait_for_function(f"() => !({unwanted})().length", timeout=PAGE)
    except TimeoutError:
        raise AssertionError(f"{where}: {page.evaluate(unwanted)}") from None


#: A board fits its text to a new size two frames later.
FITTED = """async () => {
  for (let frame = 0; frame < 3; frame += 1) await new Promise((done) => requestAnimationFrame(done))
}"""


def fits_a_wall(page: Page) -> None:
    """The board has no small text, nothing to press, and all of it is on the screen."""
    for width, height in ((1280, 720), (1024, 768), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(FITTED)
        for unwanted in (UNFIT, TARGETS, OUTSIDE):
            _waits_for_none(page, unwanted, f"{width} × {height}")


def fits_a_hand(page: Page, *widths: int) -> None:
    """The page has no small target on a phone, and scrolls sideways in no window."""
    _waits_for_none(page, f"() => ({TARGETS})().filter(([, height]) => height < {THUMB})", "small targets")
    size = page.viewport_size
    assert size
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        _waits_for_none(page, OUTSIDE, f"{width} px")  # the marks of the glossary's words follow the words
    page.set_viewport_size(size)


def accessible(*pages: Page | Frame) -> None:
    """Axe finds no fault on the pages, once they are drawn."""
    for page in pages:
        # A phone's page has no scripts of Streamlit.
        page.locator("[data-test-script-state=notRunning], body > main").wait_for()
        expect(page.locator(UNDRAWN)).to_have_count(0)
        found = faults(page)
        assert not found, "\n".join(found)
