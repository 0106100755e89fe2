"""axe finds nothing on any page, in light and in dark; no fault of Streamlit's own markup has to be excused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.places import PLACES, Place
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser


#: The page's ground, by which one sees that its colours are there.
GROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(15, 20, 27)"}


def test_axe_finds_nothing(visit: Visit) -> None:
    found = [fault for place in PLACES for fault in faults(visit, place)]
    assert not found, "\n".join(found)


def faults(visit: Visit, place: Place) -> Iterator[str]:
    # Tall enough for the whole page: axe judges the contrast of what is in view.
    visit.page.set_viewport_size({"width": 1440, "height": 9000 if place.name == "Claims" else 3000})
    page = visit.open(place.path)
    if place.name == "Train":
        visit.set_number("Epochs", 2)
        visit.train.click()
        visit.wait_for_finish()
        expect(visit.chart("train.connectivity-right").locator(".main-svg").first).to_be_attached()
    else:
        place.stand(visit)
    for scheme, ground in GROUNDS.items():
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", ground)
        page.locator("[data-test-script-state=notRunning]").wait_for()
        for violation in Axe().run(page).response["violations"]:
            for node in violation["nodes"]:
                what = f"{violation['id']} ({violation['help']}): {node['html'][:300]}"
                yield f"{place}, {scheme}: {what}\n   {node['failureSummary']}"
