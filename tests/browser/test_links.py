"""The URL is the state: a link restores it on every page, and a bad one says what was wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

GOOD = (
    "timesteps=12&features=3&lstm=16&dense=4%3Arelu&left=functional_fused&right=subclassing"
    "&samples=256&relatedness=0.5&optimizer=sgd&learning_rate=0.05&epochs=7&seeds=2"
    "&head=related_a&head=height.level.....Mean+level"
)


def test_share_copies_the_link_of_the_page_which_can_start_playing(visitor: Callable[..., Visit]) -> None:
    visit = visitor(permissions=["clipboard-read", "clipboard-write"])
    page = visit.open(f"/train?{GOOD}&epoch=3")
    expect(visit.number("Epochs")).to_have_value("7")
    page.locator(".st-key-frame-share").get_by_role("button").click()
    field = page.get_by_role("region", name="Link")
    expect(field).to_have_text(f"{visit.url}/train?{GOOD}&epoch=3")
    page.get_by_text("Start playing", exact=True).click()
    link = f"{visit.url}/train?{GOOD}&epoch=3&play=1"
    expect(field).to_have_text(link)
    code = page.get_by_alt_text("QR code of the link")
    expect(code).to_be_visible()
    assert code.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 0
    page.get_by_role("button", name="Copy Link").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_attached()
    assert page.evaluate("navigator.clipboard.readText()") == link
    copies_where_the_browser_has_no_clipboard_for_scripts(visit)


#: Keeps what a button says, also if it says so for a moment.
SAID = """(button) => {
  const said = []
  const look = () => said.push(button.textContent)
  new MutationObserver(look).observe(button, { childList: true, characterData: true, subtree: true })
  return said
}"""


def copies_where_the_browser_has_no_clipboard_for_scripts(visit: Visit) -> None:
    visit.page.add_init_script(
        "window.kept = navigator.clipboard; Object.defineProperty(navigator, 'clipboard', { value: undefined })"
    )
    page = visit.open(f"/?{GOOD}&view=code")
    button = page.locator(".st-key-code-right").get_by_role("button", name="Copy")
    said = button.evaluate_handle(SAID)
    button.click()
    page.wait_for_function("(said) => said.includes('Copied')", arg=said)
    expect(button).to_be_focused()
    assert "self.height_output = layers.Dense(1" in page.evaluate("kept.readText()")
    page.locator(".st-key-frame-share").get_by_role("button").click()
    page.get_by_role("button", name="Copy Link").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_attached()
    assert page.evaluate("kept.readText()").endswith(f"{GOOD}&view=code")


def test_the_back_button_restores_settings_and_a_link_leads_to_the_title_of_its_page(visit: Visit) -> None:
    page = visit.open("/")
    visit.set_number("Timesteps", 12)
    visit.expect_query("timesteps=12")
    visit.set_number("Features", 4)
    visit.expect_query("timesteps=12&features=4")

    page.go_back()
    visit.expect_query("timesteps=12")
    expect(visit.number("Features")).to_have_value("2")
    expect(visit.number("Timesteps")).to_have_value("12")

    page.go_back()
    visit.expect_query("")
    expect(visit.number("Timesteps")).to_have_value("10")

    page.go_forward()
    visit.expect_query("timesteps=12")
    expect(visit.number("Timesteps")).to_have_value("12")

    visit.navigation.get_by_role("link", name="Compare", exact=True).click()  # the page on which the visitor is
    visit.set_number("Features", 3)
    visit.expect_query("timesteps=12&features=3")
    expect(visit.number("Timesteps")).to_have_value("12")

    # A link leads to the title of its page.
    page.locator(".st-key-frame-next a").press("Enter")
    expect(page).to_have_title(re.compile("^Train"))
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
