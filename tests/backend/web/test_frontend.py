"""Each page is sent as our HTML; what else Streamlit sends stays as it is."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
from streamlit.file_util import get_static_dir
from streamlit.web.server.starlette.starlette_gzip_middleware import SelectiveGZipMiddleware
from streamlit.web.server.starlette.starlette_static_routes import create_streamlit_static_assets_routes

from backend.web.frontend import ORIGIN, Frontend
from components.streamlit_internals.index_html import with_scripts
from tests.builders.asgi import get, serve

pytestmark = pytest.mark.slow

INDEX = (Path(get_static_dir()) / "index.html").read_text(encoding="utf-8")
OWN = "two-heads-abc.js"
PAGE = with_scripts(INDEX, OWN)
DECODED = {"identity": bytes, "gzip": gzip.decompress, "br": brotli.decompress}
FIGURE = "<p>a visitor's download</p>"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Streamlit's own static files, compressed as Streamlit compresses them."""

    def figure(_: object) -> HTMLResponse:
        return HTMLResponse(FIGURE)

    routes = [Route("/media/figure.html", figure), *create_streamlit_static_assets_routes(None)]
    with serve(Frontend(SelectiveGZipMiddleware(Starlette(routes=routes)), PAGE)) as running:
        yield running


@pytest.mark.parametrize("path", ["/", "/train", "/no_such_page?timesteps=4"])
@pytest.mark.parametrize("encoding", DECODED)
def test_each_page_is_sent_with_both_scripts(address: str, path: str, encoding: str) -> None:
    answer = get(address, path, **{"Accept-Encoding": encoding})
    body = answer.read()
    assert answer.status == 200
    assert DECODED[encoding](body).decode() == PAGE
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers.get("content-encoding", "identity") == encoding
    assert int(answer.headers["content-length"]) == len(body)
    assert not {"etag", "last-modified"} & {name.lower() for name in answer.headers}


WITH_PICTURE = PAGE.replace("<head>", f'<head>\n<meta content="{ORIGIN}/x.png" />\n')


def page_for(host: str, hosts: tuple[str, ...] = (), **headers: str) -> str:
    """What a page with a picture becomes for a request with that Host."""
    static = Starlette(routes=create_streamlit_static_assets_routes(None))
    app = Frontend(static, WITH_PICTURE, hosts=hosts)
    with serve(app, proxy_headers=True, forwarded_allow_ips="127.0.0.1") as address:
        return get(address, "/", Host=host, **headers).read().decode()


def test_the_origin_is_that_of_the_request() -> None:
    assert page_for("heads.example.org:8501") == WITH_PICTURE.replace(ORIGIN, "http://heads.example.org:8501")
    behind_proxy = page_for("Heads.example.org", ("*.example.org",), **{"X-Forwarded-Proto": "https"})
    assert behind_proxy == WITH_PICTURE.replace(ORIGIN, "https://heads.example.org")
    assert "http://[::1]:8501/x.png" in page_for("[::1]:8501")


NO_NAMES = ('a"><script>alert(1)</script>', "a'b", "a/b", "a@b", "a b", "a:b", "&lt;")


@pytest.mark.parametrize(
    ("host", "hosts"),
    [
        *((host, ("heads.example.org",)) for host in ("evil.example", "heads.example.org.evil.example", "")),
        *((host, ()) for host in NO_NAMES),
    ],
)
def test_a_line_that_needs_an_origin_is_left_out_for_a_host_that_is_not_ours_or_no_name(
    host: str, hosts: tuple[str, ...]
) -> None:
    assert page_for(host, hosts) == PAGE.replace("<head>", "<head>\n", 1)
