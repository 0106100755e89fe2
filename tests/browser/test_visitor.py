"""Who a visitor is to the server: a cookie that no script and no other site gets."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

NAME = "two_heads_visitor"


def test_the_cookie_is_random_and_out_of_reach(visitor: Callable[..., Visit]) -> None:
    values = set()
    for visit in (visitor(), visitor()):
        page = visit.open("/")
        (cookie,) = (cookie for cookie in visit.context.cookies() if cookie["name"] == NAME)
        assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Lax", "/")
        assert len(cookie["value"]) >= 22
        assert NAME not in page.evaluate("document.cookie")
        values.add(cookie["value"])

        visit.open("/train")
        assert cookie["value"] in {again["value"] for again in visit.context.cookies()}, "it stays"
    assert len(values) == 2


def test_a_malformed_cookie_is_replaced(visit: Visit) -> None:
    visit.context.add_cookies([{"name": NAME, "value": "nobody", "url": visit.url}])
    visit.open("/train?epochs=2")
    (cookie,) = (cookie for cookie in visit.context.cookies() if cookie["name"] == NAME)
    assert len(cookie["value"]) == 32
    visit.train.click()
    visit.wait_for_finish()
