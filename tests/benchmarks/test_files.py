"""The files of a first load, as the load test fetches them: how many bytes they are, and that all are there."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles as Plain
from streamlit.web.server.starlette.starlette_static_routes import create_streamlit_static_assets_routes

import app
from backend.web.static_files import StaticFiles
from benchmarks import load
from harness.files import fetch
from harness.local import ROOT
from tests.builders.asgi import serve

LARGEST = {
    "train": next(target.at_most for target in load.TARGETS if target.name == "bytes_files"),
    "": 1_000_000,
}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The app's files at a server without pages."""

    def small(_: object) -> PlainTextResponse:
        return PlainTextResponse("small")

    routes = [
        Route("/small", small),
        Mount("/app/static", Plain(directory=ROOT / "pages" / "static")),
        *create_streamlit_static_assets_routes(None),
    ]
    with serve(StaticFiles(Starlette(routes=routes), app.static_files())) as running:
        yield running


@pytest.mark.slow
@pytest.mark.parametrize("page", LARGEST)
def test_a_first_load_is_within_its_bound(address: str, page: str) -> None:
    size = asyncio.run(fetch(address, app.index_html(page)))
    print(page, size)
    assert 500_000 < size <= LARGEST[page]
