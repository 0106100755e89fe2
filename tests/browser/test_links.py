"""The URL is the state: a link restores it on every page, and a bad one says what was wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visit import WORKER, Visit

pytestmark = pytest.mark.browser

GOOD = (
    "timesteps=12&features=3&lstm=16&dense=4%3Arelu&left=functional_fused&right=subclassing"
    "&samples=256&relatedness=0.5&optimizer=sgd&learning_rate=0.05&epochs=7&seeds=2"
    "&head=related_a&head=height.level.....Mean+level"
)
BAD = "timesteps=99&learning_rate=nope&left=evil&head=level.level.1..softmax&head=trend&lucky=7&epoch=last"


def test_a_link_restores_everything_on_every_page(visit: Visit) -> None:
    page = visit.open(f"/?{GOOD}")
    assert visit.query() == GOOD, "the canonical form of a link is the link"
    for label, value in {"Timesteps": 12, "Features": 3, "LSTM 1 units": 16, "Dense 1 units": 4}.items():
        expect(visit.number(label)).to_have_value(str(value))
    expect(visit.number("Activation")).to_have_value("relu")
    expect(visit.number("Style on the left")).to_have_value("Functional, fused")
    expect(visit.number("Style on the right")).to_have_value("Subclassing")
    expect(page.get_by_text("2 · Mean level")).to_be_visible()
    expect(page.locator(".st-key-code-right pre")).to_contain_text("self.height_output = layers.Dense(1")

    visit.go_to("Train")
    visit.expect_query(GOOD)
    for label, value in {"Sequences": 256, "Epochs": 7, "Learning rate": 0.05, "Number of seeds": 2}.items():
        expect(visit.number(label)).to_have_value(str(value))
    expect(visit.number("Optimizer")).to_have_value("SGD")
    expect(page.get_by_role("slider", name="Relatedness")).to_have_attribute("aria-valuetext", "0.5")

    visit.go_to("Compare")
    visit.expect_query(GOOD)
    expect(visit.number("Timesteps")).to_have_value("12")


def test_share_copies_the_link_of_the_page_which_can_start_playing(visitor: Callable[..., Visit]) -> None:
    visit = visitor(permissions=["clipboard-read", "clipboard-write"])
    page = visit.open(f"/train?{GOOD}&epoch=3")
    expect(visit.number("Epochs")).to_have_value("7")
    page.locator(".st-key-frame-share").get_by_role("button").click()
    field = page.get_by_role("textbox", name="Link")
    expect(field).to_have_value(f"{visit.url}/train?{GOOD}&epoch=3")
    page.get_by_text("Start playing", exact=True).click()
    link = f"{visit.url}/train?{GOOD}&epoch=3&play=1"
    expect(field).to_have_value(link)
    code = page.get_by_alt_text("QR code of the link")
    expect(code).to_be_visible()
    assert code.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 0
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="The link is copied.")).to_be_attached()
    assert page.evaluate("navigator.clipboard.readText()") == link


#: Keeps what a button says, also if it says so for a moment.
SAID = """(button) => {
  const said = []
  const look = () => said.push(button.textContent)
  new MutationObserver(look).observe(button, { childList: true, characterData: true, subtree: true })
  return said
}"""


def test_copy_works_also_where_the_browser_has_no_clipboard_for_scripts(visitor: Callable[..., Visit]) -> None:
    visit = visitor(permissions=["clipboard-read", "clipboard-write"])
    visit.page.add_init_script(
        "window.kept = navigator.clipboard; Object.defineProperty(navigator, 'clipboard', { value: undefined })"
    )
    page = visit.open(f"/?{GOOD}")
    button = page.locator(".st-key-code-right").get_by_role("button", name="Copy")
    said = button.evaluate_handle(SAID)
    button.click()
    page.wait_for_function("(said) => said.includes('Copied')", arg=said)
    expect(button).to_be_focused()
    assert "self.height_output = layers.Dense(1" in page.evaluate("kept.readText()")
    page.locator(".st-key-frame-share").get_by_role("button").click()
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="The link is copied.")).to_be_attached()
    assert page.evaluate("kept.readText()").endswith(GOOD)


@pytest.mark.soak
def test_a_bad_link_gets_one_notice_that_names_each_value(visit: Visit) -> None:
    for path in ("/", "/train"):
        page = visit.open(f"{path}?{BAD}")
        notice = page.get_by_role("alert")
        expect(notice).to_have_count(1)
        for key, given, bound, used in (
            ("timesteps", "99", "a whole number from 1 to 64", "Used 10"),
            ("learning_rate", "nope", "a number from 0.00001 to 100", "Used 0.003"),
            ("left", "evil", "sequential, functional", "Used sequential"),
            ("head 1, activation", "softmax", "linear", "Used linear"),
            ("lucky", "7", "no such setting", "ignored"),
            ("epoch", "last", "a whole number from 0", "ignored"),
        ):
            line = notice.get_by_role("listitem").filter(has_text=f"{key} = “{given}”")
            expect(line).to_contain_text(bound)
            expect(line).to_contain_text(used)
        visit.expect_query("")

        # It goes with the next change.
        visit.choose("Start from", "Eight heads")
        expect(notice).to_have_count(0)


def test_the_back_button_restores_settings(visit: Visit) -> None:
    page = visit.open("/")
    visit.set_number("Timesteps", 12)
    visit.expect_query("timesteps=12")
    visit.set_number("Features", 4)
    visit.expect_query("timesteps=12&features=4")

    page.go_back()
    visit.expect_query("timesteps=12")
    expect(visit.number("Features")).to_have_value("2")
    expect(visit.number("Timesteps")).to_have_value("12")
    expect(page.locator(".st-key-code-left pre")).to_contain_text("shape=(12, 2)")

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


def test_a_link_leads_to_the_title_of_its_page_and_the_back_button_to_the_place_of_the_link(visit: Visit) -> None:
    page = visit.open("/")
    link = page.get_by_role("link", name="The introduction")
    link.press("Enter")
    expect(page).to_have_title(re.compile("Introduction"))
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    visit.go_back_to("Compare")
    expect(link).to_be_in_viewport()


@pytest.mark.soak
def test_the_back_button_restores_settings_on_two_pages(visit: Visit) -> None:
    page = visit.open("/?timesteps=12")
    visit.go_to("Train")
    visit.expect_query("timesteps=12")
    visit.set_number("Epochs", 7)
    visit.expect_query("timesteps=12&epochs=7")
    page.go_back()
    visit.expect_query("timesteps=12")
    expect(visit.number("Epochs")).to_have_value("20")
    visit.go_back_to("Compare")
    visit.expect_query("timesteps=12")
    expect(visit.number("Timesteps")).to_have_value("12")


def test_a_number_is_kept_when_the_visitor_clicks_elsewhere(visit: Visit) -> None:
    """The field's change and the click on a head arrive together, both with the older query."""
    page = visit.open("/?timesteps=12")
    page.get_by_test_id("stSidebar").locator("summary", has_text="Heads").click()
    expect(page.locator(".st-key-heads-chosen [role=radio]").first).to_be_visible()
    visit.number("Timesteps").fill("13")
    page.evaluate("document.activeElement.blur(), document.querySelector('.st-key-heads-chosen [role=radio]').click()")
    visit.expect_query("timesteps=13")
    expect(visit.number("Name in code")).to_be_visible()
    expect(visit.number("Timesteps")).to_have_value("13")
    visit.expect_query("timesteps=13")


def test_the_head_editor_stays_open_and_a_field_keeps_the_focus(visit: Visit) -> None:
    page = visit.open("/?lstm=5&lstm=6")
    expect(page.get_by_role("alert")).to_contain_text("Only the last, “6”, is read.")
    visit.set_number("Timesteps", 12)
    visit.expect_query("timesteps=12&lstm=6")
    expect(visit.number("Timesteps")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")  # its help, then itself
    expect(visit.number("LSTM 1 units")).to_be_focused()

    visit.unfold("Task")
    name, task = visit.number("Name in code"), visit.number("Task")
    page.get_by_role("radio", name="2 · trend").click()
    name.fill("slope")
    name.press("Enter")
    visit.expect_query(lambda query: "slope.trend" in query)
    expect(name).to_be_focused()
    visit.choose("Task", "Spike?")
    visit.expect_query(lambda query: "head=spike" in query)
    expect(task).to_have_value("Spike?")
    expect(page.get_by_role("radio", name="2 · spike")).to_be_checked()
    # A run of the page puts the name back, and one that began before would put it back over the next.
    expect(page.locator(".st-key-code-right pre")).to_contain_text("spike")  # before, the counts are of the old network
    expect(page.get_by_text(re.compile("✓ Keras counts"))).to_have_count(2, timeout=WORKER)
    visit.stand()
    name.fill("level")
    name.press("Enter")
    refusal = page.get_by_role("alert").filter(has_text="head 1 has this name")
    expect(refusal).to_contain_text("The name stays “spike”.")
    expect(name).to_have_value("spike")
