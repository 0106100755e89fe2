"""What a fragment's next run drops of its unsent messages."""

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from components.server import unsent


@pytest.fixture(autouse=True)
def _as_in_the_app():
    usual = ForwardMsgQueue.clear, ForwardMsgQueue.enqueue
    unsent.install()
    yield
    ForwardMsgQueue.clear, ForwardMsgQueue.enqueue = usual


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


def number(value=None, key="epochs", path=(0, 1)):
    """A number input, of which the script has set the value, or has not."""
    message = ForwardMsg()
    message.metadata.delta_path[:] = path
    element = message.delta.new_element.number_input
    element.id, element.default = key, 1
    if value is not None:
        element.value, element.set_value = value, True
    return message


def shown(message):
    element = message.delta.new_element.number_input
    return element.value if element.set_value else element.default


def test_a_value_that_was_dropped_is_sent_with_the_next_message_of_its_widget_and_once():
    queue = ForwardMsgQueue()
    queue.enqueue(number(20))
    queue.clear(retain_lifecycle_msgs=True)
    queue.enqueue(number())
    queue.clear(retain_lifecycle_msgs=True)
    queue.enqueue(number(path=(0, 7)))
    (message,) = queue.flush()
    assert shown(message) == 20
    queue.enqueue(number())
    assert not queue.flush()[0].delta.new_element.number_input.set_value, "the browser has it"


def test_a_newer_value_and_another_widget_are_sent_as_they_are():
    queue = ForwardMsgQueue()
    queue.enqueue(number(20))
    queue.clear(retain_lifecycle_msgs=True)
    queue.enqueue(number(30))
    queue.enqueue(number(key="seeds", path=(0, 2)))
    assert [shown(message) for message in queue.flush()] == [30, 1]


def test_a_value_is_kept_where_a_message_at_the_same_place_replaces_its_own():
    queue = ForwardMsgQueue()
    queue.enqueue(number(20))
    queue.enqueue(number())
    (message,) = queue.flush()
    assert shown(message) == 20


def test_several_values_are_kept_too():
    queue = ForwardMsgQueue()
    for values in (["mean", "trend"], None):
        message = ForwardMsg()
        message.metadata.delta_path[:] = (0, 1)
        element = message.delta.new_element.multiselect
        element.id = "tasks"
        if values:
            element.raw_values[:], element.set_value = values, True
            queue.enqueue(message)
            queue.clear(retain_lifecycle_msgs=True)
    queue.enqueue(message)
    (message,) = queue.flush()
    assert list(message.delta.new_element.multiselect.raw_values) == ["mean", "trend"]
