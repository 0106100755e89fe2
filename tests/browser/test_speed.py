"""Speed: a recorded result first, then the visitor's own, point by point; cancelled, kept, saved."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

#: Little to build and to trace.
SMALL = "timesteps=4&lstm=4&batch=4"
JUDGED = re.compile(r"^(faster|within noise|slower)$")


def start(page: Page) -> None:
    page.get_by_role("button", name="Start", exact=True).click()


def expect_verdicts(page: Page, count: int) -> None:
    expect(page.get_by_test_id("stMain").get_by_text(JUDGED)).to_have_count(count)


def test_a_recorded_result_is_explained_and_a_choice_goes_into_the_link(visit: Visit) -> None:
    page = visit.open("/speed")
    expect(page.get_by_role("heading", level=1)).to_have_text("Is one layer for all heads faster?")
    expect(page.get_by_text("Recorded", exact=True)).to_be_visible()
    # The answer, the figures and the one coloured button are on the first screen.
    expect(page.get_by_role("heading", name=re.compile(r"^Yes, from 2 to 32 heads$"))).to_be_in_viewport(ratio=1)
    expect(page.get_by_text(re.compile(r"^2\.82 \("))).to_be_in_viewport(ratio=1)
    coloured = page.get_by_test_id("stBaseButton-primary").locator("visible=true")
    expect(coloured).to_have_count(1)
    expect(coloured).to_be_in_viewport(ratio=1)
    visit.expect_chart_title(
        re.compile(
            r"^With one layer per head, a train step takes [\d.]+ times as long as with one layer for all at \d+"
        )
    )
    visit.expect_traces("speed.train", 9)
    expect(
        page.get_by_text(re.compile(r"Each extra head adds \d+ operations with one layer per head and none with one"))
    ).to_be_visible()
    expect_verdicts(page, 4)
    expect(visit.cancel).to_be_disabled()

    # What is chosen is shown: a mode that was recorded, too.
    page.get_by_role("button", name="jit_compile", exact=True).click()
    page.get_by_role("radio", name="jit_compile").click()
    visit.expect_chart_title(re.compile(r"^Train step at 8 heads"))
    page.get_by_text("All measurements in this mode").click()
    expect(page.get_by_role("table").get_by_text(re.compile("Functional,.fused")).first).to_be_visible()
    for cell in (page.get_by_role("cell").first, page.get_by_role("columnheader", name="operations")):
        expect(cell).to_have_css("text-align", "right")

    for label in ("1", "32"):
        page.get_by_role("button", name=label, exact=True).click()
        page.locator("[data-test-script-state=notRunning]").wait_for()
    visit.expect_query("k=2%2C8&modes=fit%2Csteps%2Cxla")
    expect(page.get_by_text("Compiling takes several seconds for each model")).to_be_visible()
