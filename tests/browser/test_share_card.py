"""Share as picture: a card of 1200 × 630 pixels with words, chart and code is downloaded."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

SMALL = "timesteps=4&lstm=4&samples=64&batch=16"


def open_card(part: Locator) -> Locator:
    """Press the button and wait until the card is drawn."""
    part.get_by_role("button", name="Share as picture").click()
    panel = part.page.get_by_test_id("stPopoverBody")
    expect(panel.get_by_role("button", name="Download PNG")).to_be_visible()
    return panel


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
    mine.get_by_text("Predict", exact=True).click()
    mine.get_by_text("k times as large, for k heads").click()
    expect(mine.get_by_text("Right: you predicted")).to_be_visible()
    expect(page.locator(".st-key-claim-averaged_summed-chart .drawn")).to_be_attached()
    mine.get_by_text("Why?").click()
    expect(mine.locator("table")).to_be_visible()  # Streamlit loads its own script for it
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

    dialog.get_by_text("Show my prediction").click()
    expect(dialog.get_by_text("I predicted")).to_be_visible()
    assert downloaded(visit, dialog).tobytes() != card.tobytes()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
