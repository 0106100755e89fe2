"""Who a visitor is to the server: a cookie that no script and no other site gets."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Route

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


def test_where_cookies_are_blocked_a_run_still_has_an_owner(visit: Visit) -> None:
    """The session is the visitor then."""

    def without_cookie(route: Route) -> None:
        with urlopen(route.request.url) as answer:
            route.fulfill(body=answer.read(), content_type="text/html")

    visit.page.route(lambda url: urlsplit(url).path == "/train", without_cookie)
    visit.open("/train?epochs=2&lstm=4&samples=64")
    assert NAME not in {cookie["name"] for cookie in visit.context.cookies()}
    visit.train.click()
    visit.wait_for_finish()
    assert NAME not in {cookie["name"] for cookie in visit.context.cookies()}
