"""A visitor whose connection is lost finds the session again: settings, run and choices, also after two minutes."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from harness.server import Server
from tests.browser.contexts import Contexts
from tests.browser.line import Line
from tests.browser.visit import PAGE, Visit

pytestmark = pytest.mark.browser


@pytest.fixture
def line(server: Server) -> Iterator[Line]:
    relay = Line(server.address)
    yield relay
    relay.close()


@pytest.mark.parametrize("seconds", [3, pytest.param(125, marks=pytest.mark.soak)])
@pytest.mark.timeout(900)
@pytest.mark.takes("a long run goes on while the browser is offline")
def test_a_lost_connection_loses_nothing(line: Line, contexts: Contexts, seconds: float) -> None:
    with Visit(contexts, line.address) as visit:
        page = visit.open("/train?timesteps=4&lstm=4&epochs=100&samples=4064&batch=16")
        visit.train.click()
        visit.wait_for_epochs()
        visit.stand()
        page.get_by_text("linear", exact=True).click()  # a choice that no link holds: only the session knows it
        linear = page.get_by_role("radio", name="linear")
        expect(linear).to_have_count(1)  # while the page is drawn again, the earlier one is there, too
        expect(linear).to_be_checked()
        visit.stand()

        line.cut()
        expect(page.locator("[data-test-connection-state=CONNECTED]")).to_have_count(0)
        time.sleep(seconds)  # what is tested is that so long a time does no harm
        line.mend()
        page.locator("[data-testid=stApp][data-test-connection-state=CONNECTED]").wait_for(timeout=2 * PAGE)
        visit.wait_for_finish()
        expect(linear).to_have_count(1)
        expect(linear).to_be_checked()
        visit.expect_query(lambda query: "epochs=100" in query)
        visit.set_number("Epochs", 12)
        visit.expect_query(lambda query: "epochs=12" in query)
        expect(page.get_by_text(re.compile("^Result of .*100.*, not your settings"))).to_be_visible()
        visit.faults = [fault for fault in visit.faults if line.address not in fault]  # the browser's own, of the cut
