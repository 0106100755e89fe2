"""A saved link to a page that has moved still leads there, with its settings."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from starlette.applications import Starlette

from backend.web.moved_pages import moved_page_routes
from tests.builders.asgi import get, serve

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("prefix", ["", "/heads", "/a/b"])
@pytest.mark.parametrize("query", ["", "?topology=residual&head=level......A%20%26%20B&relatedness=0.5"])
def test_the_old_path_leads_to_the_new_one_with_its_query(prefix: str, query: str) -> None:
    with serve(Starlette(routes=moved_page_routes(prefix))) as address:
        answer = get(address, f"{prefix}/beyond{query}")
    assert answer.status == 308
    assert urljoin(f"http://{address}{prefix}/beyond{query}", answer.headers["location"]) == (
        f"http://{address}{prefix}/topologies{query}"
    )


@pytest.mark.parametrize("query", ["?//elsewhere.example.org", "?a=%0d%0aSet-Cookie:x=1", "?%zz", "?%C3%A9"])
def test_no_query_leads_to_another_host_or_adds_a_header(query: str) -> None:
    with serve(Starlette(routes=moved_page_routes())) as address:
        answer = get(address, f"/beyond{query}")
    assert (answer.status, answer.headers["location"]) == (308, f"topologies{query}")
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(("query", "leads"), [("", "./?beat=1"), ("?beat=3", "./?beat=1&beat=3")])
def test_a_screen_of_the_introduction_is_a_place_of_the_first_page(query: str, leads: str) -> None:
    with serve(Starlette(routes=moved_page_routes())) as address:
        assert get(address, f"/story{query}").headers["location"] == leads
