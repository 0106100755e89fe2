"""axe finds nothing on a page but what is Streamlit's own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.visit import WORKER, Visit

pytestmark = pytest.mark.browser

#: Faults of Streamlit 1.67's own markup: rule → (a part of the node's HTML, why it is not ours).
KNOWN: dict[str, tuple[str, str]] = {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/train"])
def test_axe_finds_nothing_of_ours(visitor: Callable[..., Visit], path: str, scheme: str) -> None:
    visit = visitor(color_scheme=scheme)
    page = visit.open(path)
    if path == "/train":
        visit.set_number("Epochs", 2)
        visit.train.click()
        visit.wait_for_finish()
        expect(visit.chart("train.connectivity-right").locator(".main-svg").first).to_be_attached()
    else:
        expect(page.get_by_text("✓ Keras counts")).to_have_count(2, timeout=WORKER)
        expect(visit.chart("compare.connectivity-right").locator(".main-svg").first).to_be_attached()
    page.locator("[data-test-script-state=notRunning]").wait_for()
    found = [
        f"{violation['id']} ({violation['help']}): {node['html'][:300]}\n   {node['failureSummary']}"
        for violation in Axe().run(page).response["violations"]
        for node in violation["nodes"]
        if not (violation["id"] in KNOWN and KNOWN[violation["id"]][0] in node["html"])
    ]
    assert not found, "\n".join(found)
