"""Only the paths of pages are answered with a page; every other path that Streamlit would answer so is not found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from streamlit.file_util import get_static_dir
from streamlit.web.server.starlette.starlette_static_routes import create_streamlit_static_assets_routes

from backend.web.known_pages import KnownPages, missing_page_routes, page_paths
from tests.builders.asgi import get, serve

PAGES = ("", "train", "lab")
DOWNLOAD = "<p>a visitor's download</p>"
REPORT = "<p>a report</p>"


@pytest.fixture(scope="module", params=["", "heads"])
def site(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """Streamlit's own static files with some routes before them: the address of their server, and their prefix."""
    prefix = f"/{request.param}" if request.param else ""
    routes = [
        Route(f"{prefix}/media/figure.html", lambda _: HTMLResponse(DOWNLOAD)),
        Route(f"{prefix}/healthz", lambda _: PlainTextResponse("ok")),
        Route(f"{prefix}/report/kept/{{id}}/{{token}}", lambda _: HTMLResponse(REPORT)),
        *missing_page_routes(request.param),
        *create_streamlit_static_assets_routes(request.param or None),
    ]
    with serve(KnownPages(Starlette(routes=routes), page_paths(PAGES, request.param), request.param)) as address:
        yield address, prefix


@pytest.mark.parametrize(
    "path",
    [
        "/no_such_page", "/Train", "/train/more", "/x/train", "/train.php", "/index.html", "/.env", "/%74rains",
        "/no/such/page.js", "/static/js/index.of-another-version.js", "/_stcore/no_such_route", "/x/media/figure.html",
        "/mediafigure.html", "/rooms/x", "/report", "/report/kept/id", "/board/x", "/join/AAAA/x",
    ],
)  # fmt: skip
def test_another_path_is_not_found_and_its_page_leads_to_the_first(site: tuple[str, str], path: str) -> None:
    address, prefix = site
    answer = get(address, prefix + path)
    content = answer.read()
    text = content.decode()
    assert (answer.status, answer.headers["cache-control"]) == (404, "private, no-store")
    assert "There is no page at this address." in text
    assert f'href="{prefix}/"' in text
    assert len(content) == int(answer.headers["content-length"])


def test_files_and_other_answers_are_sent(site: tuple[str, str]) -> None:
    address, prefix = site
    script = next(Path(get_static_dir(), "static", "js").glob("index.*.js"))
    assert get(address, f"{prefix}/static/js/{script.name}", **{"Accept-Encoding": "identity"}).read() == (
        script.read_bytes()
    )
    assert get(address, f"{prefix}/media/figure.html").read().decode() == DOWNLOAD
    assert get(address, f"{prefix}/report/kept/id/token").read().decode() == REPORT
    assert get(address, f"{prefix}/healthz").read() == b"ok"
    assert get(address, f"{prefix}/train/").status == 301, "Streamlit removes the slash"
    slash = get(address, f"{prefix}/report/kept/id/token/")
    assert (slash.status, slash.headers["location"]) == (301, f"{prefix}/report/kept/id/token")
