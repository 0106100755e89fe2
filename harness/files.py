"""The files of a page's first load, fetched as a browser fetches them: compressed, over a few connections."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from streamlit.file_util import get_static_dir

from harness.local import ROOT

#: The files that a page's scripts and style sheets load beyond those in its HTML, without the hash in their names. A
#: test compares them with those that Chromium loads.
_ON_EVERY_PAGE = ("MaterialSymbols-Rounded",)
_LATER = {
    "": ("jetbrains-mono-latin-wght-normal",),
    "story": ("jetbrains-mono-latin-wght-normal",),
    "train": (
        "CustomTheme", "Metric", "PlotlyChart", "loadVegaEmbed", "printWidthCap",
        "resolveDefaultExport", "withFullScreenWrapper",
    ),
}  # fmt: skip
_TAG = re.compile(r"<(?:script|link)\s[^>]*>")
_ADDRESS = re.compile(r'\b(?:src|href)="\.(/[^"]+)"')
_LOADED = re.compile(r'^<script|\brel="(?:stylesheet|preload|modulepreload)"')
#: How many connections a browser opens to one server.
_CONNECTIONS = 6


def needed(page: str, html: str) -> list[str]:
    """The paths of all files that a browser loads for that page ("train"), by its HTML and by what it loads later."""
    tags = [tag for tag in _TAG.findall(html) if _LOADED.search(tag)]
    in_html = [address[1] for tag in tags if (address := _ADDRESS.search(tag))]
    return list(dict.fromkeys([*in_html, *map(_path, (*_ON_EVERY_PAGE, *_LATER.get(page, ())))]))


async def fetch(address: str, paths: Iterable[str]) -> int:
    """Request all files from `address` (host:port). Returns the bytes received. Raises OSError if one is missing."""
    left = iter(list(paths))
    return sum(await asyncio.gather(*(_connection(address, left) for _ in range(_CONNECTIONS))))


async def _connection(address: str, left: Iterator[str]) -> int:
    """Request one file after the other from those that no connection has taken. Returns the bytes received."""
    host, _, port = address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    size = 0
    try:
        for path in left:
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept-Encoding: gzip, br\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"\r\ncontent-length: (\d+)\r\n", head.lower())
            if b" 200 " not in head.partition(b"\r\n")[0] or length is None:
                raise OSError(f"{path} answered {head[:100]!r}")
            size += len(head) + len(await reader.readexactly(int(length[1])))
    except asyncio.IncompleteReadError as error:
        raise OSError(f"{address} closed the connection") from error
    finally:
        writer.close()
    return size


def _path(name: str) -> str:
    """The path of the file with that name, whatever its hash."""
    streamlit = Path(get_static_dir(), "static")
    folders = {"/static/js": streamlit / "js", "/static/media": streamlit / "media"}
    for at, folder in {**folders, "/app/static": ROOT / "pages" / "static"}.items():
        if files := sorted(folder.glob(f"{name}[.-]*")):
            return f"{at}/{files[0].name}"
    raise FileNotFoundError(f"neither Streamlit nor this app has a file {name}")
