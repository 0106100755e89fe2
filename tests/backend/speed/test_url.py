"""The sweep as text in a link."""

import pytest

from backend.speed.sweep import Sweep
from backend.speed.url import DEFAULTS, read, refuse, write


def test_the_defaults_are_the_default_sweep():
    assert read(DEFAULTS) == Sweep()
    assert read({}) == Sweep()


def test_there_and_back():
    sweep = Sweep(heads=(3, 16), modes=("xla",))
    assert read({"k": write(sweep.heads), "modes": write(sweep.modes)}) == sweep
    assert read({"k": " 16, 3 ,"}).heads == (3, 16)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        *[("k", text) for text in ("", "zero", "0", "65", "1.5", "1,2,3,4,5,6,7,8,9", "<b>", "\ud800")],
        *[("modes", text) for text in ("", "warp", "fit;steps", "fit," * 9)],
    ],
)
def test_what_cannot_be_used_is_refused_with_what_can(key, text):
    reason = refuse(key, text)
    assert reason
    assert "with commas between" in reason


def test_what_can_be_used_is_not():
    assert refuse("k", "1,64") is None
    assert refuse("modes", "xla,fit") is None
