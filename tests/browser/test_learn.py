"""Learn: one lesson end to end on a phone, by keyboard alone; and a link that comes back to the step."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from backend.lessons import Step, load
from backend.lessons.library import SHIPPED
from tests.browser.axe import faults
from tests.browser.keys import PHONE, THUMB, press, tab_to
from tests.browser.visit import FITS, Visit

pytestmark = pytest.mark.browser

LESSON = load(SHIPPED).lesson("factor-of-two")
#: Resolves after as many turns of a timer as the page takes to give the focus to something else.
TURNS = """() => new Promise((done) => {
  let left = 5
  const timer = setInterval(() => { if (!--left) { clearInterval(timer); done() } }, 60)
})"""
#: Everything on the page itself that can be pressed, with its size.
TARGETS = """() => [...document.querySelectorAll("[class*=st-key-learn-] :is(button, a, [data-testid=stRadioOption])")]
  .filter((node) => node.offsetWidth && !node.closest("[data-testid=stTooltipHoverTarget]:has(svg) > svg"))
  .map((node) => [node.innerText, node.getBoundingClientRect().width, node.getBoundingClientRect().height])"""


#: Whether so many lines of the chart are faint.
FAINT = """(count) => [...document.querySelectorAll(".st-key-curves-total .scatterlayer .trace")]
  .filter((line) => getComputedStyle(line).opacity === "0.12").length === count"""


@pytest.mark.takes("axe reads the page three times")
def test_a_lesson_is_learned_on_a_phone_by_keyboard_alone(visitor: Callable[..., Visit]) -> None:
    """The first question is answered, and the others are left."""
    assert LESSON
    visit = visitor(**PHONE)
    page = visit.open("/learn")
    card = page.locator(".st-key-learn-card-factor-of-two")
    expect(card.get_by_role("button", name="Start")).to_be_visible()
    tab_to(page, "BUTTON", "Start")  # of the lesson before
    press(page, "Start")
    first, *others = LESSON.steps
    begins(visit, first)
    assert not [target for target in page.evaluate(TARGETS) if target[2] < THUMB]
    assert not faults(page)
    tab_to(page, "radio", first.options[0].text.split(" ")[0])
    page.keyboard.press("Space")
    for _ in range(first.right):
        page.keyboard.press("ArrowDown")
    keep = page.get_by_role("button", name="Submit my prediction")
    expect(keep).to_be_enabled()
    press(page, "Submit my prediction")
    expect(page.get_by_role("status").filter(has_text="your prediction was right")).to_be_visible()
    page.wait_for_function("() => document.activeElement.matches('.st-key-learn-status')")
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_attached()
    press(page, "Why?")
    expect(page.get_by_role("heading", level=3, name="Why")).to_be_visible()
    assert not faults(visit.stand())
    a_term_makes_the_other_curves_faint(page)
    page.wait_for_function(FITS)
    press(page, "Next step")
    for step in others:
        begins(visit, step)
        page.wait_for_function("(title) => document.activeElement.innerText === title", arg=step.title)
        expect(keep).to_be_disabled()
        onwards = page.get_by_role("button", name="See your score" if step is others[-1] else "Next step")
        onwards.focus()  # as a screen reader does it, without a key
        page.evaluate(TURNS)
        expect(onwards).to_be_focused()
        page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.innerText.startsWith('Your score: ')")
    score = page.get_by_role("heading", level=2, name="Your score: 1 of 1")
    assert page.get_by_test_id("stMain").evaluate("(main) => main.scrollTop") == 0
    assert not faults(visit.stand())

    # Whoever leaves comes back to the step, and the list says how far they are.
    visit.go_to("Train")
    visit.go_to("Learn")
    expect(score).to_be_visible()
    press(page, "All lessons")
    expect(card.get_by_text("1 of 4 answered, 1 right")).to_be_visible()


def begins(visit: Visit, step: Step) -> None:
    """Wait for a step, whose result is not there yet."""
    expect(visit.page.get_by_role("heading", level=2, name=step.title)).to_be_visible()
    visit.expect_query(lambda query: f"step={step.id}" in query)
    visit.stand()
    expect(visit.page.locator(".js-plotly-plot")).to_have_count(0)
    expect(visit.page.locator(".st-key-learn-ask").get_by_role("radio").first).to_be_visible()


#: Whether so many curves are faint.
FAINT = """(count) => [...document.querySelectorAll(".st-key-curves-total .scatterlayer .trace")]
  .filter((line) => getComputedStyle(line).opacity === "0.12").length === count"""


def a_term_makes_the_other_curves_faint(page: Page) -> None:
    """A term of the formula in the reason of the first step stands for some of the curves."""
    expect(page.locator(".st-key-curves-total .scatterlayer .trace")).to_have_count(4)  # both splits of each style
    page.get_by_role("link", name="a + b", exact=True).hover()
    page.wait_for_function(FAINT, arg=2)
