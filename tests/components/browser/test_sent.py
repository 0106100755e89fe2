"""What a component has sent, as a callback reads it."""

from components import browser


def test_a_component_that_the_page_no_longer_has_has_sent_nothing():
    assert browser.sent("no.such.component", "value") is None
