"""Each page is sent as our HTML; for other paths that Streamlit answers with a page, there is none."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse
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
DOWNLOAD = "<p>a visitor's download</p>"
REPORT = "<p>a report</p>"


@pytest.fixture(scope="module", params=["", "heads"])
def site(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """Streamlit's own static files, compressed as it compresses them, and routes: their address, and their prefix."""
    prefix = f"/{request.param}" if request.param else ""
    routes = [
        Route(f"{prefix}/media/figure.html", lambda _: HTMLResponse(DOWNLOAD)),
        Route(f"{prefix}/healthz", lambda _: PlainTextResponse("ok")),
        Route(f"{prefix}/report/kept/{{id}}/{{token}}", lambda _: HTMLResponse(REPORT)),
        *create_streamlit_static_assets_routes(request.param or None),
    ]
    streamlit = SelectiveGZipMiddleware(Starlette(routes=routes))
    pages = {f"{prefix}/{name}": PAGE for name in ("", "train", "lab")}
    with serve(Frontend(streamlit, pages, prefix)) as address:
        yield address, prefix


@pytest.mark.parametrize("path", ["/", "/train", "/lab?timesteps=4"])
@pytest.mark.parametrize("encoding", DECODED)
def test_each_page_is_sent_with_both_scripts(site: tuple[str, str], path: str, encoding: str) -> None:
    address, prefix = site
    answer = get(address, prefix + path, **{"Accept-Encoding": encoding})
    body = answer.read()
    assert answer.status == 200
    assert DECODED[encoding](body).decode() == PAGE
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers.get("content-encoding", "identity") == encoding
    assert int(answer.headers["content-length"]) == len(body)
    assert not {"etag", "last-modified"} & {name.lower() for name in answer.headers}


@pytest.mark.parametrize(
    "path",
    [
        "/no_such_page", "/Train", "/train/more", "/x/train", "/train.php", "/index.html", "/.env", "/%74rains",
        "/no/such/page.js", "/static/js/index.of-another-version.js", "/_stcore/no_such_route", "/x/media/figure.html",
        "/mediafigure.html", "/rooms/x", "/report", "/report/kept/id", "/board/x/y", "/join/AAAA/x",
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
    for path in ("/train", "/report/kept/id/token"):
        slash = get(address, f"{prefix}{path}/")
        assert (slash.status, slash.headers["location"]) == (301, f"{prefix}{path}")


WITH_PICTURE = PAGE.replace("<head>", f'<head>\n<meta content="{ORIGIN}/x.png" />\n')


def page_for(host: str, **headers: str) -> str:
    """What a page with a picture becomes for a request with that Host."""
    app = Frontend(Starlette(), {"/": WITH_PICTURE})
    with serve(app, proxy_headers=True, forwarded_allow_ips="127.0.0.1") as address:
        return get(address, "/", Host=host, **headers).read().decode()


def test_the_origin_is_that_of_the_request() -> None:
    assert page_for("heads.example.org:8501") == WITH_PICTURE.replace(ORIGIN, "http://heads.example.org:8501")
    behind_proxy = page_for("Heads.example.org", **{"X-Forwarded-Proto": "https"})
    assert behind_proxy == WITH_PICTURE.replace(ORIGIN, "https://heads.example.org")
    assert "http://[::1]:8501/x.png" in page_for("[::1]:8501")


@pytest.mark.parametrize("host", ['a"><script>alert(1)</script>', "a'b", "a/b", "a@b", "a b", "a:b", "&lt;", ""])
def test_a_line_that_needs_an_origin_is_left_out_for_what_is_no_name(host: str) -> None:
    assert page_for(host) == PAGE.replace("<head>", "<head>\n", 1)
