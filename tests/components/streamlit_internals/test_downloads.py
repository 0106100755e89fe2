"""A download that fails, asked for from a real server as its page asks for it."""

from __future__ import annotations

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from tests.components.streamlit_internals.serving import serving


def received(socket: ClientConnection):
    """The server's messages as they come."""
    while True:
        message = ForwardMsg()
        message.ParseFromString(socket.recv(timeout=30))
        yield message


def opened(socket):
    """The session's id, and the ids of the page's downloads by label."""
    socket.send(BackMsg(rerun_script=ClientState()).SerializeToString())
    session, files = "", {}
    for message in received(socket):
        if message.WhichOneof("type") == "script_finished":
            break
        session = message.new_session.initialize.session_id or session
        button = message.delta.new_element.download_button
        if button.deferred_file_id:
            files[button.label] = button.deferred_file_id
    return session, files


def asked(socket, session, file):
    """What the server answers to a click."""
    request = BackMsg()
    request.backend_operation_request.request_id = "1"
    request.backend_operation_request.session_id = session
    request.backend_operation_request.deferred_file.file_id = file
    socket.send(request.SerializeToString())
    messages = (message for message in received(socket) if message.HasField("backend_operation_response"))
    return next(messages).backend_operation_response


def test_a_failed_download_says_why_or_names_its_error_in_the_log(tmp_path):
    log = tmp_path / "log"
    with (
        serving(log) as address,
        connect(f"ws://{address}/_stcore/stream", origin=f"http://{address}", max_size=None) as socket,
    ):
        session, files = opened(socket)
        broken, busy, whole = (asked(socket, session, files[label]) for label in ("Broken", "Busy", "Whole"))
        unknown = asked(socket, session, "0" * 32)
    assert whole.deferred_file.url
    assert not whole.error_msg
    assert busy.error_msg == "All are busy. Try again."
    for answer, reason in ((broken, "ZeroDivisionError: a secret of the server"), (unknown, "not found")):
        sentence, name = answer.error_msg.split("log as ")
        assert sentence == "This file could not be created. The error is in the "
        assert "secret" not in answer.error_msg
        told = log.read_text().split(f"page error {name.split('.')[0]}\n")[1]
        assert reason in told.split("page error")[0]
    assert "Try again." not in log.read_text(), "what is no fault is not logged as one"


def test_the_app_uses_our_download_handler():
    from streamlit.runtime import app_session

    import app  # noqa: F401
    from components.streamlit_internals.downloads import Downloads

    assert app_session.DeferredFileHandler is Downloads
