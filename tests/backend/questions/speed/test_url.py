"""The sweep as text in a link."""

import pytest

from backend.questions.speed.sweep import Sweep
from backend.questions.speed.url import read, refuse, write


def test_a_sweep_survives_a_round_trip_through_a_link():
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
def test_an_unusable_text_is_refused_with_the_allowed_values(key, text):
    reason = refuse(key, text)
    assert reason
    assert "separated by commas" in reason
