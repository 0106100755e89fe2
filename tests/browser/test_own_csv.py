"""A visitor opens a CSV file of their own: it is sent packed, its fault is said, and its link brings it back."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from components.streamlit_internals.selectors import selectors
from tests.browser.keys import PHONE
from tests.browser.places import TAGS
from tests.browser.visit import FITS, Visit
from tests.builders.own_tables import table

pytestmark = pytest.mark.browser


def test_a_file_is_opened_on_a_phone(visitor: Callable[..., Visit], tmp_path: Path) -> None:
    good, bad, large = (tmp_path / name for name in ("good.csv", "bad.csv", "large.csv"))
    good.write_bytes(table().csv())
    bad.write_bytes(table().csv().replace(b"\n", b'\n1,"2,1,4\n', 1))
    large.write_bytes(b"1" * 1_000_001)
    visit = visitor(**PHONE)
    page = visit.open("/train?data=weather")
    page.get_by_role("button", name="Expand sidebar").click()
    expect(page.get_by_test_id("stSidebar")).to_be_in_viewport(ratio=0.99)  # its animation would close a menu
    visit.choose("Data", "A CSV of your own")
    drop = page.get_by_label(re.compile("Open a CSV file"))
    drop.set_input_files(large)
    expect(page.get_by_text("The file has more than 1,000,000 bytes")).to_be_visible()
    drop.set_input_files(bad)
    expect(page.get_by_text("that row 2 opens is not closed")).to_be_visible()
    drop.set_input_files(good)
    expect(page.get_by_role("button", name="Delete the data")).to_be_visible()
    expect(page.get_by_label("Selected values").first).to_contain_text("Temp °C")
    assert re.search(r"\?csv=[0-9a-f]{32}\.1-2-3$", page.url)
    page.wait_for_function(FITS)
    for tag in TAGS:
        expect(page.locator(selectors()[tag]).first).to_be_attached()
