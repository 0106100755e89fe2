"""A visitor whose connection is lost finds the session again: settings, run and choices."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from harness.server import Server
from tests.browser.contexts import Contexts
from tests.browser.line import Line
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser


@pytest.fixture
def line(server: Server) -> Iterator[Line]:
    relay = Line(server.address)
    yield relay
    relay.close()


def test_a_lost_connection_loses_nothing(line: Line, contexts: Contexts, replay: Callable[[int | None], None]) -> None:
    with Visit(contexts, line.address) as visit:
        page = visit.open("/train")
        replay(6)
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
        replay(None)
        line.mend()
        visit.wait_for_finish()
        expect(linear).to_have_count(1)
        expect(linear).to_be_checked()
        visit.set_number("Epochs", 12)
        visit.expect_query("epochs=12")
        expect(page.get_by_text(re.compile("your run with .*20"))).to_be_visible()
        visit.faults = [fault for fault in visit.faults if line.address not in fault]  # the browser's own, of the cut
