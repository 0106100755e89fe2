"""A visit to the image, from within it: load the page, wait until Keras has counted, train, see the run end.

Not a browser: it speaks Streamlit's WebSocket as a browser does and reads the words that come. `.ci/image` sends it to
the image's own Python, which has all that it imports. Exit code 0, or a sentence saying what did not come.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets import Origin
from websockets.sync.client import ClientConnection, connect

HOST = f"127.0.0.1:{os.environ['PORT']}"
PATIENCE = 120.0  # seconds for each thing waited for


def cookie() -> str:
    """The visitor's cookie, which comes with the page."""
    connection = HTTPConnection(HOST, timeout=10)
    connection.request("GET", "/")
    answer = connection.getresponse()
    if answer.status != 200 or b"<html" not in answer.read():
        sys.exit(f"the page answered {answer.status}")
    return answer.getheader("set-cookie", "").partition(";")[0]


def run(socket: ClientConnection, page: str, click: str = "") -> list[Element]:
    """Run the script of `page` once, with the button of id `click` clicked; the elements that it drew."""
    message = BackMsg()
    message.rerun_script.page_name = page
    if click:
        message.rerun_script.widget_states.widgets.add(id=click, trigger_value=True)
    socket.send(message.SerializeToString())
    drawn: list[Element] = []
    while True:
        answer = ForwardMsg.FromString(socket.recv(timeout=PATIENCE, decode=False))
        kind = answer.WhichOneof("type")
        if kind == "delta" and answer.delta.HasField("new_element"):
            drawn.append(answer.delta.new_element)
        elif kind == "script_finished":
            return drawn


def sentence(drawn: list[Element], part: str, times: int = 1) -> str:
    """The last text with `part` in it, if there are as many as `times`; else nothing."""
    found = [text for each in drawn if part in (text := each.markdown.body or each.heading.body or each.alert.body)]
    return found[-1] if len(found) >= times else ""


def until(what: str, look: Callable[[], str]) -> None:
    """Look once a second until there is something to be seen, and say what."""
    start = time.monotonic()
    while not (seen := look()):
        if time.monotonic() > start + PATIENCE:
            sys.exit(f"{what}: not within {PATIENCE:.0f} s")
        time.sleep(1)
    print(f"  {what} after {time.monotonic() - start:.0f} s: {seen}")


def main() -> None:
    """One visitor on both pages."""
    headers = {"Cookie": cookie()}
    with connect(
        f"ws://{HOST}/_stcore/stream", origin=Origin(f"http://{HOST}"), additional_headers=headers, max_size=None
    ) as socket:
        until("the first page", lambda: sentence(run(socket, ""), "same network"))
        until("Keras's own count, from the workers, for both styles", lambda: sentence(run(socket, ""), "✓ Keras", 2))
        train = [each.button.id for each in run(socket, "train") if each.button.label == "Train"]
        run(socket, "train", click=train[0])
        until("a run of both styles", lambda: sentence(run(socket, "train"), "trained in"))


if __name__ == "__main__":
    main()
