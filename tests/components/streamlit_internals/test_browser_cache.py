"""A reference is sent only for an element that the browser has."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_cache import populate_hash_if_needed

from components.streamlit_internals.browser_cache import BrowserCache
from tests.builders.serving import connected, serving

PAGE = Path(__file__).with_name("returning_element.py")
MAX_AGE = 2
FRAGMENTS = ["", "curves", "status"]


class Browser:
    """The cache of Streamlit's frontend, by its ForwardMessageCache."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[ForwardMsg, int]] = {}
        self.runs = 0

    def take(self, message: ForwardMsg, counts: bool = True) -> ForwardMsg:
        """What the browser draws. `counts`: it waits for no other run when this message ends one."""
        if message.WhichOneof("type") == "script_finished":
            if counts and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                self._end_run(message.metadata.run.fragment_ids)
        elif message.HasField("ref_hash"):
            whole, _ = self.kept[message.ref_hash]  # a KeyError is what ends a visitor's page
            self.kept[message.ref_hash] = whole, self.runs
            return whole
        elif message.metadata.cacheable:
            whole, _ = self.kept.get(message.hash, (message, 0))
            self.kept[message.hash] = whole, self.runs
        return message

    def _end_run(self, fragments):
        self.runs += 1
        for each, (message, used) in list(self.kept.items()):
            if (not fragments or message.delta.fragment_id in fragments) and self.runs - used > MAX_AGE:
                del self.kept[each]


def element(text: str, fragment: str) -> ForwardMsg:
    message = ForwardMsg()
    message.delta.new_element.text.body = text * 20_000
    message.delta.fragment_id = fragment
    populate_hash_if_needed(message)
    return message


def end(fragments, status=ForwardMsg.FINISHED_SUCCESSFULLY) -> ForwardMsg:
    message = ForwardMsg(script_finished=status)
    message.metadata.run.fragment_ids.extend(fragments)
    return message


@st.composite
def runs(draw):
    """A run: its fragments (none: the whole page), its elements, how it ends, and whether the browser counts it."""
    fragments = draw(st.lists(st.sampled_from(FRAGMENTS[1:]), unique=True))
    drawn = st.tuples(st.sampled_from("abc"), st.sampled_from(fragments or FRAGMENTS))
    status = draw(st.sampled_from([ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_EARLY_FOR_RERUN]))
    return fragments, draw(st.lists(drawn, max_size=3)), status, draw(st.booleans())


@given(st.lists(runs(), min_size=5, max_size=30))
def test_the_browser_draws_every_element_in_any_order_of_runs(requested):
    server, browser = BrowserCache(MAX_AGE), Browser()
    for fragments, elements, status, counts in requested:
        for each in elements:
            assert browser.take(server.shorten(element(*each))).delta == element(*each).delta
        browser.take(server.shorten(end(fragments, status)), counts)


@pytest.mark.slow
def test_a_run_that_was_requested_before_the_browser_removed_an_element_sends_it_whole(tmp_path):
    with serving(tmp_path / "log", PAGE) as address, connected(address) as session:
        browser, drawn = Browser(), []

        def request(fragment=""):
            session.request(fragment, cached=browser.kept)

        def receive_until(kind, drawing=""):
            while True:
                message = session.receive()
                drawn.append(browser.take(message).delta.new_element.text.body[:7])
                if message.WhichOneof("type") == kind and drawn[-1] == drawing:
                    return

        for _ in range(2):
            request()
            receive_until("script_finished")
        request()
        receive_until("delta", "waiting")
        ((element, _),) = browser.kept.values()
        request(element.delta.fragment_id)  # waits for the end of the whole page's run
        receive_until("script_finished")
        assert not browser.kept, "the third run removed it"
        receive_until("script_finished")
    assert [text for text in drawn if text] == ["a text ", "waiting", "a text "]
