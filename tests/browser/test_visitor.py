"""Who a visitor is to the server: a cookie that no script and no other site gets."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visit import WORKER, Visit

pytestmark = pytest.mark.browser

NAME = "two_heads_visitor"


@pytest.mark.takes("two trainings")
def test_a_keyboard_is_enough_and_every_page_says_where_the_result_is(visit: Visit) -> None:
    # By keyboard: past what every page has, to the button, and back on it when it can be pressed again.
    page = visit.open("/train?timesteps=4&lstm=4&epochs=2&samples=4096&batch=16")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    visit.train.focus()
    page.keyboard.press("Enter")
    visit.wait_for_finish()
    expect(visit.train).to_be_focused()
    page.keyboard.press("Tab")
    expect(visit.train).not_to_be_focused()

    # A result that came on another page is named there until it was looked at.
    visit.set_number("Epochs", 100)
    visit.expect_query(lambda query: "epochs=100" in query)
    visit.train.click()
    expect(visit.cancel).to_be_enabled()  # the training has begun
    visit.go_to("Compare")  # seconds before the training ends: on Train its result would have been looked at
    result = page.get_by_role("link", name="Training finished: look")
    expect(result).to_be_visible(timeout=WORKER)
    expect(page.get_by_role("status").filter(has_text="Training finished.")).to_be_attached()
    result.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Which one trains better?")
    visit.wait_for_finish()
    expect(result).to_have_count(0)
    visit.expect_query("timesteps=4&lstm=4&samples=4096&batch=16&epochs=100")


@pytest.mark.soak
def test_a_malformed_cookie_is_replaced_and_no_script_can_read_it(visit: Visit) -> None:
    """What the server answers is tested without a browser."""
    visit.context.add_cookies([{"name": NAME, "value": "nobody", "url": visit.url}])
    page = visit.open("/train?timesteps=4&lstm=4&samples=64&epochs=2")
    (cookie,) = (cookie for cookie in visit.context.cookies() if cookie["name"] == NAME)
    assert len(cookie["value"]) == 32
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Lax", "/")
    assert NAME not in page.evaluate("document.cookie")
    visit.train.click()
    visit.wait_for_finish()
    visit.open("/room")
    assert cookie["value"] in {again["value"] for again in visit.context.cookies()}, "it stays"
