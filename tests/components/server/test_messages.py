"""Which of Streamlit's messages a browser may send."""

from __future__ import annotations

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from components.server.messages import used


@pytest.mark.parametrize("kind", ["rerun_script", "backend_operation_request"])
def test_messages_that_the_pages_send_are_accepted(kind: str) -> None:
    message = BackMsg()
    getattr(message, kind).SetInParent()
    assert used(message.SerializeToString())
    assert used(BackMsg(app_heartbeat=True).SerializeToString())
    assert used(BackMsg(stop_script=True).SerializeToString())


@pytest.mark.parametrize(
    "message",
    [BackMsg(load_git_info=True), BackMsg(clear_cache=True), BackMsg(set_run_on_save=True), BackMsg()],
)
def test_all_other_messages_are_rejected(message: BackMsg) -> None:
    assert not used(message.SerializeToString())


def test_bytes_that_are_no_message_are_rejected() -> None:
    assert not used(b"\xff\xff\xff")
