"""Share as picture: a card of 1200 × 630 pixels with words, chart and code is downloaded, made by the browser alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Download, Locator, Page, expect

from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

SMALL = "timesteps=4&lstm=4&samples=64&batch=16"


def open_card(part: Page | Locator) -> Locator:
    """Press the button and wait until the card is drawn."""
    part.get_by_role("button", name="Share as picture").click()
    dialog = part.get_by_role("dialog", name="Share as picture")
    expect(dialog.get_by_role("img")).to_have_js_property("naturalWidth", 1200)
    return dialog


def downloaded(visit: Visit, dialog: Locator) -> Image.Image:
    with visit.page.expect_download() as arriving:
        dialog.get_by_role("button", name="Download PNG").click()
    assert re.fullmatch(r"two-heads-[a-z_-]+\.png", arriving.value.suggested_filename)
    return Image.open(Path(arriving.value.path())).convert("RGB")


def colours(card: Image.Image, box: tuple[int, int, int, int]) -> int:
    """How many colours that part of the card has: left, top, right, bottom."""
    return len(card.crop(box).getcolors(1_000_000))


#: Where the parts of a card stand: a chart below the words, or beside them; and the QR code of a card with one below.
BELOW, CODE = (60, 330, 700, 520), (1000, 400, 1152, 590)


@pytest.mark.takes("a claim is measured")
def test_a_claim_is_shared_with_its_chart_and_its_code_and_with_the_prediction_on_request(visit: Visit) -> None:
    page = visit.open(f"/claims?{SMALL}#averaged_summed")
    mine = page.locator(".st-key-claim-averaged_summed")
    expect(mine.locator("[class*='-share-card']")).to_have_count(0)
    mine.get_by_role("radio", name="k times as large, for k heads").click()
    expect(mine.get_by_text("Right: you predicted")).to_be_visible()
    expect(visit.chart("claim.averaged_summed.chart").locator(".main-svg").first).to_be_attached()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    dialog = open_card(mine)
    card = downloaded(visit, dialog)
    assert card.size == (1200, 630)
    assert card.getpixel((2, 300)) == (255, 255, 255)
    assert colours(card, BELOW) > 20
    assert colours(card, CODE) == 2
    asked = [url for url in requests if url.startswith("http")]
    assert not [url for url in asked if not url.endswith(".woff2")], "the font, which the browser has in its cache"

    before = dialog.get_by_role("img").get_attribute("src")
    dialog.get_by_role("switch", name="Show my prediction").check()
    expect(dialog.get_by_role("img")).not_to_have_attribute("src", before or "")
    assert downloaded(visit, dialog).tobytes() != card.tobytes()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(mine.get_by_role("button", name="Share as picture")).to_be_focused()


def test_a_picture_is_saved_with_and_without_its_chart_and_copied_where_the_browser_can(
    visitor: Callable[..., Visit],
) -> None:
    visit = visitor(permissions=["clipboard-read", "clipboard-write"], color_scheme="dark")
    page = visit.open("/train")  # a recorded run
    expect(visit.chart("curves.task.1").locator(".main-svg").first).to_be_attached()
    dialog = open_card(page)
    expect(dialog.get_by_role("status")).to_contain_text("no share sheet")
    whole = downloaded(visit, dialog)
    dialog.get_by_role("button", name="Copy picture").click()
    expect(dialog.get_by_role("status")).to_have_text("The picture is copied.")
    types = visit.page.evaluate("navigator.clipboard.read().then((items) => items.flatMap((item) => item.types))")
    assert types == ["image/png"]
    page.keyboard.press("Escape")

    is_done_once_it_is_drawn(page)

    # The card waits for a chart that is still loading.
    page.evaluate(LATE)
    page.get_by_role("button", name="Share as picture").click()
    late = downloaded(visit, dialog)
    assert page.evaluate("window.late")
    assert colours(late, BELOW) > 20
    page.keyboard.press("Escape")

    # Without its chart, and in a browser that cannot copy pictures, the dialog says what is missing.
    page.evaluate(
        "document.querySelector('.st-key-curves-task-1 .js-plotly-plot').remove(), delete window.ClipboardItem"
    )
    dialog = open_card(page)
    expect(dialog.get_by_role("status")).to_contain_text("has only words")
    expect(dialog.get_by_role("status")).to_contain_text("cannot copy the picture here")
    expect(dialog.get_by_role("button", name="Copy picture")).to_be_hidden()
    bare = downloaded(visit, dialog)
    expect(dialog.get_by_role("status")).to_have_text(re.compile("is downloaded.*has only words"))
    assert bare.size == (1200, 630)
    assert whole.getpixel((2, 300)) == (15, 20, 27), "the colours of the page"
    assert colours(whole, BELOW) > 20
    assert colours(bare, (600, 360, 900, 560)) == 1
    assert colours(bare, (48, 90, 700, 320)) > 20


#: Removes the chart, and puts it back soon after the dialog says that it waits, which it does for 5 s.
LATE = """() => {
  const plot = document.querySelector(".st-key-curves-task-1 .js-plotly-plot")
  const parent = plot.parentNode
  plot.remove()
  const roots = [...document.querySelectorAll("*")].flatMap((node) => node.shadowRoot ?? [])
  const said = roots.map((root) => root.querySelector("dialog [role=status]")).find(Boolean)
  new MutationObserver((_, watcher) => {
    if (said.textContent !== "The picture is being drawn.") return
    watcher.disconnect()
    setTimeout(() => {
      window.late = true
      parent.append(plot)
    }, 300)
  }).observe(said, { characterData: true, childList: true, subtree: true })
}"""


#: Keeps every bitmap of a canvas back until `held` is called.
HOLD = """() => {
  window.toBlob = HTMLCanvasElement.prototype.toBlob
  window.held = []
  HTMLCanvasElement.prototype.toBlob = function (...how) { held.push(() => toBlob.apply(this, how)) }
}"""


def is_done_once_it_is_drawn(page: Page) -> None:
    """What is pressed while the picture is drawn."""
    page.evaluate("navigator.clipboard.writeText('')")  # other tests share this browser's clipboard
    page.evaluate(HOLD)
    page.get_by_role("button", name="Share as picture").click()
    dialog = page.get_by_role("dialog", name="Share as picture")
    expect(dialog.get_by_role("status")).to_have_text("The picture is being drawn.")
    page.wait_for_function("() => held.length")
    dialog.get_by_role("button", name="Copy picture").click()
    downloads: list[Download] = []
    page.on("download", lambda download: downloads.append(download))
    with page.expect_download() as arriving:
        dialog.get_by_role("button", name="Download PNG").click(click_count=2)
        page.evaluate("held.shift()()")
    assert Image.open(Path(arriving.value.path())).size == (1200, 630)
    types = (
        "() => navigator.clipboard.read().then((items) => items.flatMap((item) => item.types).includes('image/png'))"
    )
    page.wait_for_function(types)
    assert len(downloads) == 1, "two presses are one"
    page.evaluate("() => { HTMLCanvasElement.prototype.toBlob = toBlob }")
    page.keyboard.press("Escape")
