"""The elements that a browser keeps, as the server knows them. They are sent as references.

Streamlit decides whether to send a reference when it draws the element, from a list that the browser sent when it
requested the run. Two things go wrong with that while runs wait for each other on a busy server. The end of an earlier
run makes the browser remove the element before its reference arrives, and the page ends with "Cached ForwardMsg MISS".
And a reference has no fragment: it stays in the queue when a fragment's next run drops the unsent container around it,
and the page ends with "'setIn' cannot be called on an ElementNode".

Here this is decided when the element is sent. Messages arrive in order, so the server can follow what the browser does.

Needs: `Runtime._send_message`, and `create_reference_msg` where a script run's context calls it.
No supported way: `global.minCachedMessageSize` can only turn references off.
Measured: with visitors who train. Without references, changing a setting sends 1.5 times the bytes, more than
`benchmarks.load` allows, and drawing a page after a run 2 times. Streamlit's own references save as much. With them,
fourteen visitors had no miss: the race is rare, but it breaks a page.
Visitors would lose: with Streamlit's own references, after two quick changes on a busy server, a page, which ends
with an error; without references, half as long again for each change on a slow line.
Checked on: Streamlit 1.67.0
Fails without it: test_a_run_that_was_requested_before_the_browser_removed_an_element_sends_it_whole
  in tests/components/streamlit_internals/test_browser_cache.py
Upstream: https://github.com/streamlit/streamlit/issues/15816
"""

from __future__ import annotations

from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from streamlit import config
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_cache import create_reference_msg
from streamlit.runtime.runtime import Runtime
from streamlit.runtime.scriptrunner_utils import script_run_context
from streamlit.runtime.session_manager import ActiveSessionInfo, SessionClient

_send = Runtime._send_message


@dataclass
class BrowserCache:
    """What one browser keeps over one connection. Follows `ForwardMsgCache` in Streamlit's frontend.

    The browser keeps an element at least as long: it does not count the end of a run while it waits for another run.
    Of each element, this is its fragment, and the number of finished runs when it was last sent.
    """

    max_age: int
    _runs: int = 0
    _kept: dict[str, tuple[str, int]] = field(default_factory=dict)

    def shorten(self, message: ForwardMsg) -> ForwardMsg:
        """The message to send: a reference if the browser keeps the element, otherwise `message` itself."""
        if message.WhichOneof("type") == "script_finished":
            if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                self._end_run(list(message.metadata.run.fragment_ids))
        elif message.metadata.cacheable and message.hash:
            known = message.hash in self._kept  # the hash covers the fragment, so equal hashes are of one fragment
            self._kept[message.hash] = message.delta.fragment_id, self._runs
            if known:
                return create_reference_msg(message)
        return message

    def _end_run(self, fragments: list[str]) -> None:
        """Remove elements not sent for `max_age` runs. A run of fragments removes only elements of those fragments."""
        self._runs += 1
        self._kept = {
            each: (fragment, sent)
            for each, (fragment, sent) in self._kept.items()
            if (fragments and fragment not in fragments) or self._runs - sent <= self.max_age
        }


_caches: WeakKeyDictionary[SessionClient, BrowserCache] = WeakKeyDictionary()


def install() -> None:
    """Have Streamlit queue whole elements and decide at sending. Call this before the first session."""
    script_run_context.create_reference_msg = _unchanged  # type: ignore[attr-defined, assignment]
    Runtime._send_message = _send_shortened  # type: ignore[method-assign, assignment]


def _unchanged(message: ForwardMsg) -> ForwardMsg:
    return message


def _send_shortened(runtime: Runtime, session: ActiveSessionInfo, message: ForwardMsg) -> None:
    cache = _caches.get(session.client)
    if cache is None:
        cache = _caches[session.client] = BrowserCache(int(config.get_option("global.maxCachedMessageAge")))
    _send(runtime, session, cache.shorten(message))
