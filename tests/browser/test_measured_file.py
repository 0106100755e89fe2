"""A model at home, on the Lab: a visitor opens the library's file from a disk, or pastes it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.backend.lab.measured_files import CALM, CLASH, text
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser


@pytest.mark.takes("the server starts: 23 s on two cores that others use")
def test_a_visitor_opens_a_file_and_sends_a_pair_to_the_compass(visit: Visit, tmp_path: Path) -> None:
    page = visit.open("/lab")
    strange, good = tmp_path / "strange.json", tmp_path / "gradients.json"
    strange.write_text("{}")
    good.write_text(text(CALM, CLASH, CLASH, heads=("<b>age</b>", "gender")))
    page.locator("input[type=file]").set_input_files(strange)
    expect(page.get_by_text("It has no schema.")).to_be_visible()
    page.locator("input[type=file]").set_input_files(good)
    expect(page.get_by_role("heading", name="Try other loss weights.")).to_be_visible()
    expect(page.get_by_text("<b>age</b> and gender clearly conflict")).to_be_visible()
    expect(page.get_by_text("It has no schema.")).to_have_count(0)
    page.get_by_role("button", name="Show this pair in the compass").click()
    visit.expect_query(lambda query: "angle=120" in query and "ratio=1.2" in query)
