"""The head that our look needs: the style sheet, and files that exist."""

import re
from pathlib import Path

from streamlit.file_util import get_static_dir

from components.layout import look

ROOT = Path(__file__).parents[3]
HEAD = look.head()


def test_the_files_that_the_browser_loads_early_exist_and_streamlit_uses_the_font():
    links = re.findall(r'href="\./([^"]+)"', HEAD)
    for link in links:
        folder = ROOT / "pages" / "static" if link.startswith("app/static/") else Path(get_static_dir()) / "static"
        assert (folder / link.split("static/", 1)[1]).is_file(), link
    font = next(link for link in links if link.endswith(".woff2"))
    assert f'url = "{font}"' in (ROOT / ".streamlit" / "config.toml").read_text()


def test_each_widget_of_a_first_screen_is_loaded_early_with_what_it_imports():
    loaded = set(re.findall(r"static/js/([\w.-]+)\"", HEAD))
    page = (Path(get_static_dir()) / "index.html").read_text()
    for widget in ("NumberInput", "Selectbox", "BidiComponent"):
        (file,) = (name for name in loaded if name.startswith(f"{widget}."))
        text = (Path(get_static_dir()) / "static" / "js" / file).read_text()
        for imported in re.findall(r"from[`\"']\./([\w.-]+\.js)", text):
            assert imported in loaded or imported in page
