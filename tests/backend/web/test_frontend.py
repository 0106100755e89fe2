"""Streamlit's page tells the frontend where the server is; what else Streamlit sends stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
from streamlit.file_util import get_static_dir
from streamlit.web.server.starlette.starlette_gzip_middleware import SelectiveGZipMiddleware
from streamlit.web.server.starlette.starlette_static_routes import create_streamlit_static_assets_routes

from backend.web.frontend import Frontend, with_scripts
from tests.backend.web.serve import get, serve

INDEX = (Path(get_static_dir()) / "index.html").read_text(encoding="utf-8")
OWN = "two-heads-abc.js"
PAGE = with_scripts(INDEX, OWN)
FIGURE = "<p>a visitor's download</p>"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Streamlit's own static files, compressed as Streamlit compresses them."""

    def figure(_: object) -> HTMLResponse:
        return HTMLResponse(FIGURE)

    routes = [Route("/media/figure.html", figure), *create_streamlit_static_assets_routes(None)]
    with serve(Frontend(SelectiveGZipMiddleware(Starlette(routes=routes)), PAGE)) as running:
        yield running


def test_both_scripts_run_before_the_frontend_is_loaded() -> None:
    assert PAGE.index("BACKEND_BASE_URL") < PAGE.index(f'src="./{OWN}"') < PAGE.index('<script type="module"')
    ours = f'src="./{OWN}"></script>'
    assert PAGE.replace(PAGE[PAGE.index("<head>") + 6 : PAGE.index(ours) + len(ours)], "", 1) == INDEX


def test_streamlit_s_frontend_still_reads_that_setting() -> None:
    frontend = next(Path(get_static_dir(), "static", "js").glob("index.*.js")).read_text(encoding="utf-8")
    assert "window.__streamlit" in frontend
    assert "BACKEND_BASE_URL" in frontend


def test_an_index_without_a_head_is_an_error() -> None:
    with pytest.raises(ValueError, match="no <head>"):
        with_scripts("<html></html>", OWN)


@pytest.mark.parametrize("path", ["/", "/train", "/no_such_page?timesteps=4"])
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_each_page_is_sent_with_both_scripts(address: str, path: str, encoding: str) -> None:
    answer = get(address, path, **{"Accept-Encoding": encoding})
    assert answer.status == 200
    assert answer.read().decode() == PAGE
    assert answer.headers["cache-control"] == "no-cache"
    assert not {"etag", "last-modified", "content-encoding"} & {name.lower() for name in answer.headers}


def test_other_responses_are_not_changed(address: str) -> None:
    script = next(Path(get_static_dir(), "static", "js").glob("index.*.js"))
    answer = get(address, f"/static/js/{script.name}", **{"Accept-Encoding": "identity"})
    assert answer.read() == script.read_bytes()
    assert answer.headers["etag"]
    assert get(address, "/media/figure.html").read().decode() == FIGURE
    assert get(address, "/train/_stcore/health").status == 404
