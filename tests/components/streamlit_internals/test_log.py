"""Everything that is logged in the server's process goes through its log."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from harness.local import ROOT
from harness.server import Server
from harness.tab import Broken, Tab

FORGED = "2026-01-01 00:00:00,000 ERROR forged"
SCRIPT = f"""
import logging, threading, warnings
import streamlit.logger
before = streamlit.logger.get_logger("streamlit.before")
from components.streamlit_internals import log as server_log
server_log.install()
server_log.install()
later = streamlit.logger.get_logger("streamlit.later")
streamlit.logger.update_formatter()
for logger in (before, later, logging.getLogger("ours")):
    logger.warning("said: %s", "a\\n{FORGED}")
warnings.warn("a warning\\n{FORGED}")
thread = threading.Thread(target=lambda: int("\\n{FORGED}"), name="any")
thread.start()
thread.join()
streamlit.logger.get_logger("streamlit.error_util").error("Uncaught app execution")
"""


@pytest.mark.slow
def test_each_logger_writes_a_record_once_and_in_one_line() -> None:
    ended = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True)
    lines = [line for line in ended.stderr.splitlines() if not line.startswith("    ")]
    assert not [line for line in ended.stderr.splitlines() if line.startswith(FORGED)]
    assert [line.split(" ")[3] for line in lines] == [
        "streamlit.before:", "streamlit.later:", "ours:", "py.warnings:", "backend.web.server_log:",
    ]  # fmt: skip


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server without workers: its scheduler is on a port where nobody answers."""
    environment = {"TWOHEADS_STATE_DIR": str(tmp_path), "TWOHEADS_SCHEDULER": "tls://127.0.0.1:1"}
    for name in ("ca", "cert", "key"):
        (tmp_path / name).write_text("no certificate")
        environment[f"TWOHEADS_TLS_{name.upper()}"] = str(tmp_path / name)
    server = Server(tmp_path / "log", environment=environment)
    try:
        server.wait_until_healthy()
        yield server
    finally:
        server.stop()


async def forge(address: str, text: str) -> str:
    """What a visitor reads who sends a text where the page has a number."""
    tab = Tab(address)
    await tab.open("", "")
    try:
        await tab.forge("architecture.timesteps", text)
    except Broken as broken:
        return str(broken)
    finally:
        await tab.close()
    raise AssertionError("the value was taken")


def refused(server: Server) -> None:
    with pytest.raises(InvalidStatus):
        connect(f"ws://{server.address}/_stcore/stream", origin="http://evil.example", proxy=None).__enter__()  # type: ignore[arg-type]


def text_frame(server: Server) -> None:
    """Send text where Streamlit takes bytes; it ends the connection."""
    with connect(f"ws://{server.address}/_stcore/stream", origin=server.url, proxy=None) as socket:  # type: ignore[arg-type]
        socket.send("text")
        with pytest.raises(ConnectionClosed):
            deque(iter(lambda: socket.recv(timeout=30), None))


@pytest.mark.slow
def test_a_visitor_cannot_flood_the_log_nor_write_lines_into_it(server: Server) -> None:
    begun, since = len(server.log.read_text()), time.monotonic()
    text_frame(server)
    said = {asyncio.run(forge(server.address, f"\n{FORGED}" + "y" * 100_000)) for _ in range(8)}
    for _ in range(200):
        refused(server)
    minutes = int((time.monotonic() - since) / 60) + 2
    server.stop()
    log = server.log.read_text()[begun:]
    lines = log.splitlines()
    assert len(log) < 24_000
    assert not [line for line in lines if line.startswith(FORGED)]

    assert not [line for line in lines if "127.0.0.1:" in line.replace(server.address, "")], "who came"
    assert not [line for line in lines if line.startswith("    ")], "no traceback of what a visitor caused"

    (sentence,) = said
    name = sentence.split("has the error as ")[1].split(".")[0]
    for what, times in ((f"page error {name}", 8), ("refused a websocket", 200)):
        written = [line for line in lines if what in line and "… and" not in line]
        more = [
            int(found)
            for line in lines
            for found in re.findall(rf"… and (\d+) more in the last minute like: {what}", line)
        ]
        assert len(written) + sum(more) == times, "each is written or counted"
        assert 5 <= len(written) <= 5 * minutes, "five a minute, and another minute may begin meanwhile"
