"""Keras's error in a line: the one that says what is wrong."""

import pytest

from components.topologies.panel import reason


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("ValueError: A merge layer needs a list.", "ValueError: A merge layer needs a list."),
        (
            "ValueError: Exception encountered in call().\n\nOne input: expected, two given.\n\nMore",
            "ValueError: One input: expected, two given. …",
        ),
        ("ValueError: Exception encountered.", "ValueError: Exception encountered."),
        ("ValueError: ", "ValueError: "),
        ("KeyError", "KeyError"),
    ],
)
def test_the_line_that_says_what_is_wrong(error, said):
    assert reason(error) == said
