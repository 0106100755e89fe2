"""Topologies: a model, its layer graph, Sequential's error, and a training whose first verdict comes early."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from harness.local import until
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser


def test_a_model_is_chosen_by_key_drawn_and_refused_and_kept_on_other_pages(visit: Visit) -> None:
    page = visit.open("/topologies")
    gallery = page.get_by_role("radiogroup", name="Model, as layers")
    expect(gallery.get_by_role("radio")).to_have_count(9)
    gallery.get_by_role("radio", name="3. A shared LSTM").check()
    page.keyboard.press("ArrowRight")
    visit.expect_query("topology=residual")
    expect(gallery.get_by_role("radio", name="4. Residual connections")).to_be_focused()
    expect(gallery.get_by_role("radio", name="4. Residual connections")).to_be_checked()
    expect(page.get_by_test_id("stMain").get_by_role("heading", level=2).first).to_have_text("4. Residual connections")
    expect(visit.layer_graph("Residual connections").get_by_role("listitem")).to_have_count(19)
    expect(page.get_by_text("✗ fails")).to_be_visible()
    expect(page.get_by_text("ValueError: A merge layer should be called on a list")).to_be_visible()
    expect(visit.cancel).to_be_disabled()
    for part in (gallery, page.get_by_role("button", name="Train both")):
        expect(part).to_be_in_viewport(ratio=1)

    # One switch changes source and graph.
    page.get_by_role("radio", name="Baseline").click()
    expect(visit.layer_graph("plain stack").get_by_role("listitem")).to_have_count(11)
    page.get_by_role("radio", name="Sequential attempt").click()
    expect(page.get_by_text("Keras's error", exact=True)).to_be_visible()
    page.get_by_role("radio", name="Model", exact=True).click()
    expect(visit.layer_graph("Residual connections")).to_be_visible()

    # On a phone the gallery has two columns.
    page.set_viewport_size({"width": 390, "height": 844})
    lefts = "(radios) => new Set(radios.slice(0, 3).map((radio) => radio.getBoundingClientRect().x)).size"
    until(lambda: gallery.get_by_role("radio").evaluate_all(lefts) == 2, "the gallery has two columns")
    gallery.get_by_role("radio", name="6. One head feeds another").check()
    visit.expect_query(lambda query: "topology=cascade" in query)
    page.set_viewport_size({"width": 1440, "height": 900})
    visit.go_to("Compare")
    visit.go_to("Topologies")
    expect(page.get_by_role("heading", name="6. One head feeds another")).to_be_visible()
