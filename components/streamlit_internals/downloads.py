"""The message that a visitor reads when a download fails: the reason, or the error's id in the log.

Streamlit creates a download when its button is clicked, and tells the browser only whether it failed.
"""

from __future__ import annotations

import asyncio

from streamlit.proto.BackMsg_pb2 import BackendOperationRequest
from streamlit.proto.ForwardMsg_pb2 import BackendOperationResponse, DeferredFileResponsePayload
from streamlit.runtime import app_session, get_instance
from streamlit.runtime.backend_operation_handler import BackendOperationHandler

from components.streamlit_internals import errors


class Unavailable(Exception):
    """Raised where a download cannot be created now; its text is a sentence for the visitor."""


class Downloads(BackendOperationHandler):
    """Creates a download on request. Replaces Streamlit's handler, which answers every error with one text."""

    def __init__(self, *_: object) -> None:
        """Takes the arguments of Streamlit's handler."""

    async def handle(self, request: BackendOperationRequest, session_id: str) -> BackendOperationResponse:
        """The file's URL, or a sentence that the page shows below the button."""
        try:
            made = get_instance().media_file_mgr.execute_deferred
            url = await asyncio.to_thread(made, request.deferred_file.file_id)
        except Exception as error:
            return BackendOperationResponse(request_id=request.request_id, error_msg=_sentence(error))
        payload = DeferredFileResponsePayload(url=url)
        return BackendOperationResponse(request_id=request.request_id, deferred_file=payload)


def install() -> None:
    """Make the sessions that begin from now on use `Downloads`. Streamlit has no setting for it."""
    app_session.DeferredFileHandler = Downloads  # type: ignore[assignment, attr-defined]


def _sentence(error: Exception) -> str:
    cause = error.__cause__ or error  # Streamlit wraps what a button's own function raises
    if isinstance(cause, Unavailable):
        return str(cause)
    return f"This file could not be created. The error is in the log as {errors.logged(error)}. Try again."
