"""The messages that a browser may send: those that our pages use, out of all that Streamlit accepts."""

from __future__ import annotations

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from streamlit.proto.BackMsg_pb2 import BackMsg

#: The others inspect the Git repository (a process each time, on the event loop), clear the caches of all visitors, or
#: prepare uploads, which no page accepts.
_USED = {"rerun_script", "stop_script", "app_heartbeat", "backend_operation_request"}


def used(data: bytes) -> bool:
    """Whether our pages send such a message; False for bytes that are not a message."""
    try:
        return BackMsg.FromString(data).WhichOneof("type") in _USED
    except DecodeError:
        return False
