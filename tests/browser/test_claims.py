"""Claims: predict, see it measured, test all, take the report; and a link that restores the settings."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.visit import WORKER, Visit

pytestmark = pytest.mark.browser

#: Little to build and to trace.
SMALL = "timesteps=4&lstm=4&samples=64&batch=16"


def card(page: Page, key: str) -> Locator:
    return page.locator(f".st-key-claim-{key}")


def test_a_prediction_comes_first_and_a_condition_changes_the_verdict(visitor: Callable[..., Visit]) -> None:
    visit = visitor()
    page = visit.open("/claims")
    expect(page.get_by_text("0 of 12 tested")).to_be_visible()
    mine = card(page, "averaged_summed")
    expect(mine.get_by_text("times Sequential's")).to_have_count(0)
    mine.get_by_role("radio", name="k times as large, for k heads").click()
    expect(mine.get_by_text("Functional's loss is 2.000 times Sequential's")).to_be_visible(timeout=WORKER)
    expect(mine.get_by_text("your prediction: “k times as large, for k heads”")).to_be_visible()
    expect(mine.get_by_role("table")).to_be_visible()
    mine.get_by_text("Check it yourself in Keras").click()
    expect(mine.locator("pre")).to_contain_text("compile(")
    expect(page.get_by_text("1 of 12 tested: 1 true")).to_be_visible()

    # Another visitor with the same settings has to predict first, too.
    other = visitor().open("/claims")
    expect(other.get_by_text("0 of 12 tested")).to_be_visible()
    expect(card(other, "averaged_summed").get_by_text("times Sequential's")).to_have_count(0)

    # With averaged losses the verdict is different.
    visit.open("/claims?combine=mean")
    mine.get_by_role("radio", name="that depends on the loss weights").click()
    expect(mine.get_by_text("conditionally true", exact=True)).to_be_visible(timeout=WORKER)
    expect(
        mine.get_by_text("Functional's loss is 1.000 times Sequential's; without loss weights, it is 2.000 times")
    ).to_be_visible()


def test_all_claims_are_tested_reported_and_kept_and_mixed_heads_see_what_is_not_applicable(visit: Visit) -> None:
    page = visit.open(f"/claims?{SMALL}")
    page.get_by_role("button", name="Test all").click()
    expect(page.get_by_text("12 of 12 tested")).to_be_visible(timeout=WORKER)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download report (Markdown)").click()
    text = saved.value.path().read_text()
    assert text.count("\n## ") == 12
    assert "timesteps=4" in text

    visit.go_to("Compare")
    visit.go_to("Claims")
    expect(page.get_by_text("12 of 12 tested")).to_be_visible()
    # Other settings are another experiment.
    visit.set_number("Features", 3)
    expect(page.get_by_text("0 of 12 tested")).to_be_visible()
    visit.expect_query("timesteps=4&features=3&lstm=4&samples=64&batch=16")

    visit.open(f"/claims?{SMALL}&head=mean&head=spike&head=waveform..3")
    expect(page.get_by_text("Not applicable, because").first).to_be_visible()
    page.get_by_role("button", name="Test all").click()
    expect(page.get_by_text("12 of 12 tested")).to_be_visible(timeout=WORKER)
