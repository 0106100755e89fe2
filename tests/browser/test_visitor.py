"""Who a visitor is to the server: a cookie that no script and no other site gets."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

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


def test_without_cookies_a_run_still_has_an_owner(visit: Visit) -> None:
    """A browser that keeps no cookie is known by its session."""
    visit.context.route(
        "**/*",
        lambda route: route.continue_(headers={k: v for k, v in route.request.headers.items() if k != "cookie"}),
    )
    page = visit.open("/train?epochs=2&lstm=4&samples=64")
    visit.context.clear_cookies(name=NAME)
    visit.train.click()
    visit.wait_for_finish()
    expect(page.get_by_text("trained in")).to_be_visible()
