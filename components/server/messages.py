"""What a browser may ask of the server: the messages that the pages here send, of all that Streamlit takes."""

from __future__ import annotations

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from streamlit.proto.BackMsg_pb2 import BackMsg

#: The others inspect the Git repository (a process each time, on the event loop), empty the caches of all visitors, or
#: prepare uploads, which no page takes.
_USED = {"rerun_script", "stop_script", "app_heartbeat", "backend_operation_request"}


def used(data: bytes) -> bool:
    """Whether a page sends such a message; False for one that is none."""
    try:
        return BackMsg.FromString(data).WhichOneof("type") in _USED
    except DecodeError:
        return False
