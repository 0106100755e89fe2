"""Finished runs on their page: overlaid, opened by their link on another device, and kept there."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visit import WORKER, Visit

pytestmark = pytest.mark.browser


@pytest.mark.takes("two trainings, and two visitors who look at them")
def test_runs_are_overlaid_named_and_opened_by_their_link_elsewhere(visitor: Callable[..., Visit]) -> None:
    visit = visitor()
    for batch, epochs in ((16, 2), (64, 3)):
        page = visit.open(f"/train?timesteps=4&lstm=4&epochs={epochs}&samples=64&batch={batch}")
        visit.train.click()
        # The page shows the run before until this one has epochs, and the list of runs has only those that have ended.
        visit.expect_chart_title(re.compile(rf"^At the end, after epoch {epochs}: "), WORKER)
        expect(visit.cancel).to_be_disabled()
        visit.wait_for_finish()
    page = visit.go_to("Runs")
    for batch in (16, 64):
        box = page.get_by_role("checkbox", name=f"batch {batch}")
        box.focus()
        box.press("Space")
        expect(box).to_be_checked()
    for side in ("left", "right"):
        visit.expect_traces(f"runs.{side}", 2)
    table = page.get_by_role("table")
    expect(table.get_by_role("row")).to_have_count(3)
    expect(table).to_contain_text("Batch size")
    expect(table).to_contain_text("Epochs")

    page.get_by_role("button", name="Rename or delete").first.click()
    visit.number("Name").fill("The small batch")
    visit.number("Name").press("Enter")
    expect(page.get_by_role("checkbox", name="The small batch")).to_be_checked()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Open", exact=True).first.click()
    visit.expect_query(lambda query: "run=" in query)
    expect(page.get_by_role("heading", name="The small batch")).to_be_visible()

    phone = visitor(viewport={"width": 390, "height": 844}, has_touch=True)
    link = phone.open(f"/runs?{visit.query()}")
    expect(link.get_by_role("heading", name="The small batch")).to_be_visible()
    phone.expect_traces("curves.total", 4)
    link.get_by_role("button", name="Keep in my runs").click()
    expect(link.get_by_role("checkbox")).to_have_count(1)
