"""The files of a page, as clients of every kind get them."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from threading import Event

import brotli
import pytest
from starlette.applications import Starlette
from starlette.responses import StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles as Plain

from backend.web import static_files
from backend.web.frontend import Frontend
from backend.web.static_files import StaticFile, StaticFiles, named_by_content, scripts_and_styles
from tests.builders.asgi import get, serve

pytestmark = pytest.mark.slow

SCRIPT = b"let head = 1\n" * 1000
FONT = b"wOF2 and so on"
FONT_NAME = f"font-{hashlib.sha256(FONT).hexdigest()[:8]}.woff2"
DECODED = {"br": brotli.decompress, "gzip": gzip.decompress}


@dataclass
class Site:
    """A server of one folder."""

    address: str
    folder: Path
    reads: list[Path] = field(default_factory=list)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    (tmp_path / "js").mkdir()
    for name, content in {"js/app.1.js": SCRIPT, FONT_NAME: FONT, "font-00000000.woff2": FONT}.items():
        (tmp_path / name).write_bytes(content)
    found = Site("", tmp_path)

    def read() -> bytes:
        found.reads.append(tmp_path)
        return (tmp_path / "js" / "app.1.js").read_bytes()

    files = {**scripts_and_styles(tmp_path, "/static"), **named_by_content(tmp_path, "/static")}
    assert set(files) == {"/static/js/app.1.js", f"/static/{FONT_NAME}"}
    files["/static/js/app.1.js"] = StaticFile(read, "app.1.js")
    with serve(StaticFiles(Starlette(routes=[Mount("/static", Plain(directory=tmp_path))]), files)) as address:
        found.address = address
        yield found


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_a_script_is_sent_compressed(site: Site, encoding: str) -> None:
    answer = get(site.address, "/static/js/app.1.js", **{"Accept-Encoding": encoding})
    body = answer.read()
    assert DECODED[encoding](body) == SCRIPT
    assert answer.headers["content-encoding"] == encoding
    assert int(answer.headers["content-length"]) == len(body) < len(SCRIPT) / 10
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("header", [{}, {"Accept-Encoding": "identity"}, {"Accept-Encoding": "br;q=0"}])
def test_a_client_without_an_encoding_of_ours_gets_the_file_as_it_is(site: Site, header: dict[str, str]) -> None:
    connection = HTTPConnection(site.address)
    connection.putrequest("GET", "/static/js/app.1.js", skip_accept_encoding=True)
    for name, value in header.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.read() == SCRIPT
    assert "content-encoding" not in answer.headers
    assert int(answer.headers["content-length"]) == len(SCRIPT)
    assert answer.headers["vary"] == "Accept-Encoding", "a cache on the way keeps it apart"
    assert "immutable" in answer.headers["cache-control"]


def test_each_encoding_has_an_etag_of_its_own_and_is_sent_only_to_who_has_another(site: Site) -> None:
    def answer(encoding: str, **headers: str) -> tuple[int, str, bytes]:
        found = get(site.address, "/static/js/app.1.js", **{"Accept-Encoding": encoding}, **headers)
        return found.status, found.headers["etag"], found.read()

    tags = {encoding: answer(encoding)[1] for encoding in ("br", "gzip", "identity")}
    assert len(set(tags.values())) == 3
    for encoding, tag in tags.items():
        for known in (tag, f'"another", {tag}'):
            assert answer(encoding, **{"If-None-Match": known}) == (304, tag, b"")
        for other in set(tags.values()) - {tag}:
            assert answer(encoding, **{"If-None-Match": other})[0] == 200
    weak = {"If-None-Match": f"W/{tags['br']}"}
    assert answer("br", **weak)[0] == 304
    kept = get(site.address, "/static/js/app.1.js", **{"Accept-Encoding": "br", "If-None-Match": tags["br"]}).headers
    assert (kept["vary"], kept["cache-control"]) == ("Accept-Encoding", static_files.FOREVER)
    assert "content-length" not in kept


@pytest.mark.parametrize("media_type", ["text/event-stream", "text/plain"])
def test_a_stream_is_neither_held_back_nor_compressed(media_type: str) -> None:
    """Each part is sent only after the client has got the one before."""
    got = Event()

    def parts() -> Iterator[str]:
        for number in range(3):
            yield f"data: {number}\n\n"
            assert got.wait(10)
            got.clear()

    def stream(_: object) -> StreamingResponse:
        return StreamingResponse(parts(), media_type=media_type)

    edge = StaticFiles(Frontend(Starlette(routes=[Route("/rooms/a/versions", stream)]), {"/": "<head></head>"}), {})
    with serve(edge) as address:
        answer = get(address, "/rooms/a/versions", **{"Accept-Encoding": "gzip, br, zstd"})
        assert "content-encoding" not in answer.headers
        for number in range(3):
            assert answer.readline() == f"data: {number}\n".encode()
            assert answer.readline() == b"\n"
            got.set()
