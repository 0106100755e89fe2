"""axe finds nothing on any page, in light and in dark; no fault of Streamlit's own markup has to be excused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.places import PLACES, Place
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("place", PLACES, ids=str)
def test_axe_finds_nothing(visitor: Callable[..., Visit], place: Place, scheme: str) -> None:
    # Tall enough for the whole page: axe judges the contrast of what is in view.
    visit = visitor(color_scheme=scheme, viewport={"width": 1440, "height": 9000 if place.name == "Claims" else 3000})
    page = visit.open(place.path)
    if place.name == "Train":
        visit.set_number("Epochs", 2)
        visit.train.click()
        visit.wait_for_finish()
        expect(visit.chart("train.connectivity-right").locator(".main-svg").first).to_be_attached()
    else:
        place.stand(visit)
    page.locator("[data-test-script-state=notRunning]").wait_for()
    found = [
        f"{violation['id']} ({violation['help']}): {node['html'][:300]}\n   {node['failureSummary']}"
        for violation in Axe().run(page).response["violations"]
        for node in violation["nodes"]
    ]
    assert not found, "\n".join(found)
