"""Use my model, on the Lab: a visitor measures their heads and sends a pair to the compass."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visit import WORKER, Visit

pytestmark = pytest.mark.browser


@pytest.mark.soak  # tests/pages/test_my_model.py does the same without a browser
@pytest.mark.takes("the server starts, and a worker trains and measures: 56 s on two cores that others use")
def test_a_visitor_measures_their_heads_and_sends_a_pair_to_the_compass(visit: Visit) -> None:
    page = visit.open("/lab?head=level&head=trend&head=last")
    page.get_by_role("button", name="Measure my heads").click()
    to_compass = page.get_by_role("button", name="Show this pair in the compass")
    expect(to_compass).to_be_visible(timeout=WORKER)
    expect(page.get_by_text(re.compile(r"in \d+ of \d+ batches .* of all epochs|in none of the"))).to_be_visible()
    to_compass.click()
    visit.expect_query(lambda query: "angle=" in query and "ratio=" in query)
    expect(page.get_by_text("The compass shows this pair")).to_be_visible()
    expect(page.get_by_role("slider", name="Angle between A and B")).to_be_visible()
