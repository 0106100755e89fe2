"""The icon font that browsers load has the icons in use."""

import subprocess
import sys

from components.streamlit_internals.server import icon_fonts, static_folder
from harness.local import ROOT


def test_the_font_is_the_one_that_is_made_of_the_icons_in_use(tmp_path):
    subprocess.run([sys.executable, ".ci/icons", tmp_path], cwd=ROOT, check=True, capture_output=True)
    (made,) = tmp_path.iterdir()
    (ours,) = icon_fonts()
    assert (ours.name, ours.read_bytes()) == (made.name, made.read_bytes())
    assert (static_folder() / "static" / "media" / ours.name).is_file(), "a browser asks for Streamlit's name"
