"""Block until a script run's messages have left Streamlit's queue.

Every 10 ms, Streamlit's event loop sends what a script run has queued. If the run ends first and a fragment's timer
starts the next run, Streamlit drops queued messages (`ForwardMsgQueue.clear`; Streamlit issue 9921): the containers and
timers of that fragment, but not those of its elements that are sent as references. The page then never updates again,
or ends with "'setIn' cannot be called on an ElementNode".
"""

from __future__ import annotations

from asyncio import AbstractEventLoop
from collections.abc import Callable
from contextlib import suppress
from threading import Event

from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

_AGAIN = 0.003  # seconds


def endangered_messages() -> Callable[[], bool]:
    """A function that says whether messages of the script run that calls this are still unsent and could be dropped.

    They could be if the next run is requested already: it starts at once. Otherwise a request has to pass the event
    loop, which sends them first. The function is for the event loop's thread. Streamlit has no public way to ask, so it
    reads the session's queue.
    """
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or context.script_requests is None:
        return lambda: False
    if context.script_requests._state != ScriptRequestType.RERUN:
        return lambda: False
    sessions, session = Runtime.instance()._session_mgr, context.session_id

    def unsent() -> bool:
        active = sessions.get_active_session_info(session)
        return active is not None and not active.session._browser_queue.is_empty()

    return unsent


class Flush:
    """Waits until an event loop has sent what other threads have queued for it. Without a loop it does not wait."""

    def __init__(self, loop: AbstractEventLoop | None = None, patience: float = 2.0) -> None:
        """`patience` is the longest wait in seconds. A loop that is blocked for longer could not send anyway."""
        self.loop = loop
        self._patience = patience

    def wait(self, messages: Callable[[], Callable[[], bool]] = endangered_messages) -> None:
        """Block until the loop has handled what this thread has queued so far, and has sent its `messages`.

        Streamlit sends every 10 ms, and under load more rarely. So only a run whose messages are in danger waits.
        """
        loop = self.loop
        if loop is None:
            return
        unsent, sent, given_up = messages(), Event(), Event()

        def check() -> None:
            if unsent() and not given_up.is_set():
                loop.call_later(_AGAIN, check)
            else:
                sent.set()

        with suppress(RuntimeError):  # the loop is closed: the server is stopping
            loop.call_soon_threadsafe(check)
            sent.wait(self._patience)
        given_up.set()


#: The flush of this server. The server's lifespan sets its loop.
server_flush = Flush()
