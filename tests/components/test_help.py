"""The help of the controls: words, the Keras argument, and a page of Keras's documentation."""

import re

import pytest

from components.help import KERAS
from components.lab.help import HELP as LAB
from components.learn.help import HELP as LEARN
from components.rooms.help import HELP as ROOMS
from components.sidebar.help import HELP as SETTINGS
from components.sidebar.help import text
from components.speed.help import HELP as SPEED

HELP = SETTINGS | SPEED | LAB | LEARN | ROOMS

#: The pages of keras.io/api that exist, of those that we link to.
PAGES = {
    "layers/activations/", "layers/base_layer/", "layers/core_layers/dense/", "layers/core_layers/input/",
    "layers/recurrent_layers/lstm/", "losses/", "models/model/", "models/model_training_apis/", "optimizers/",
    "utils/python_utils/",
}  # fmt: skip


@pytest.mark.parametrize("key", HELP)
def test_a_help_is_short_and_its_argument_links_to_a_page_of_keras(key):
    help_ = HELP[key]
    assert help_.words.endswith(".")
    assert len(help_.words) < 200 or key == "preset"
    assert bool(help_.argument) == bool(help_.page)
    if help_.argument:
        assert help_.page in PAGES
        assert help_.text.endswith(f"Keras: [`{help_.argument}`]({KERAS}{help_.page})")


def test_positions_in_lists_have_one_help():
    assert text("architecture", "heads", 3, "hidden", 1) == SETTINGS["architecture.heads.*.hidden.*"].text


def test_only_pages_that_are_used_are_listed():
    used = {page for help_ in HELP.values() for page in re.findall(rf"{KERAS}(\S+)\)", help_.text)}
    assert used == PAGES
