"""The files in the HTML of a page, fetched as a browser fetches them: compressed, over a few connections."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator

_FILE = re.compile(r'(?:src|href)="\.(/[^"]+\.(?:js|css|woff2))"')
#: How many connections a browser opens to one server.
_CONNECTIONS = 6


async def fetch(address: str, html: str) -> int:
    """Request the scripts, style sheets and fonts in the HTML of a page of `address` (host:port), as a browser does.

    Returns the bytes received. Raises OSError if one is missing.
    """
    left = iter(_FILE.findall(html))
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
