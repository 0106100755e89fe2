"""Real servers of small Streamlit apps, and connections to sessions of any server."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect

from harness.local import ROOT, free_port, until


@contextmanager
def serving(log: Path, app: Path, *options: str) -> Iterator[str]:
    """Its address (host:port) while it runs. `options` are those of `streamlit run`."""
    address = f"127.0.0.1:{free_port()}"
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(app),
        *options,
        "--server.port",
        address.rpartition(":")[2],
    ]
    command += ["--server.address", "127.0.0.1", "--server.headless", "true", "--browser.gatherUsageStats", "false"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with log.open("w") as file:
        process = subprocess.Popen(command, cwd=app.parent, env=environment, stdout=file, stderr=subprocess.STDOUT)
    try:
        until(lambda: _healthy(address), "a healthy server")
        yield address
    finally:
        process.terminate()
        process.wait(30)


class Connection:
    """A WebSocket of one session. It sends what a test gives, and draws nothing."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.session = ""  # its id, once a run has begun

    def request(
        self,
        fragment: str = "",
        query: str | None = "",
        widgets: Iterable[WidgetState] = (),
        cached: Iterable[str] = (),
    ) -> None:
        """Request a run: of a fragment by its id, or of the whole page. `cached` are hashes of cached messages."""
        message = BackMsg()
        message.rerun_script.fragment_id = fragment
        if query is not None:
            message.rerun_script.query_string = query
        message.rerun_script.widget_states.widgets.extend(widgets)
        message.rerun_script.cached_message_hashes.extend(cached)
        self.socket.send(message.SerializeToString())

    def receive(self) -> ForwardMsg:
        """The next message of the server."""
        data = self.socket.recv(timeout=60)
        assert isinstance(data, bytes)
        message = ForwardMsg.FromString(data)
        if message.WhichOneof("type") == "new_session":
            self.session = message.new_session.initialize.session_id
        return message

    def draw(self, query: str | None = None) -> bytes:
        """Request a run, and return all that is sent until it has ended. Without a query as the session has it."""
        self.request(query=query)
        sent = b""
        while True:
            message = self.receive()
            sent += message.SerializeToString()
            ended = message.WhichOneof("type") == "script_finished"
            if self.session and ended and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                return sent


@contextmanager
def connected(address: str, session: str = "", **headers: str) -> Iterator[Connection]:
    """A connection to a new session of the server at `address`; with an id, to a session that lost its connection."""
    protocols = ["streamlit", "PLACEHOLDER_AUTH_TOKEN", *([session] if session else [])]
    with connect(
        f"ws://{address}/_stcore/stream", origin=f"http://{address}", subprotocols=protocols,  # type: ignore[arg-type]
        additional_headers=headers, max_size=None, open_timeout=60, proxy=None,
    ) as socket:  # fmt: skip
        yield Connection(socket)


def _healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://{address}/_stcore/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
