"""What a fragment's next run drops of its unsent messages."""

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from components.server import unsent


@pytest.fixture(autouse=True)
def _as_in_the_app():
    usual = ForwardMsgQueue.clear
    unsent.install()
    yield
    ForwardMsgQueue.clear = usual


def container(path, fragment):
    message = ForwardMsg()
    message.metadata.delta_path[:] = path
    message.delta.add_block.vertical.SetInParent()
    message.delta.fragment_id = fragment
    return message


def reference(path):
    message = ForwardMsg(ref_hash="an element that the browser has")
    message.metadata.delta_path[:] = path
    return message


def left(*messages, fragments):
    queue = ForwardMsgQueue()
    for message in messages:
        queue.enqueue(message)
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=fragments)
    return [list(message.metadata.delta_path) for message in queue.flush()]


def test_a_reference_is_dropped_with_the_container_of_its_fragment():
    page = [reference([0, 1]), container([0, 5], "polled"), reference([0, 5, 0]), container([0, 6], "other")]
    assert left(*page, reference([0, 6, 0]), fragments=["polled"]) == [[0, 1], [0, 6], [0, 6, 0]]


def test_a_run_of_the_whole_page_drops_all_and_an_empty_queue_stays_empty():
    assert left(container([0, 5], "polled"), reference([0, 5, 0]), fragments=None) == []
    assert left(fragments=["polled"]) == []
