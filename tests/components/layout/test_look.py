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


def test_only_the_pages_with_a_slider_on_their_first_screen_load_it_early():
    assert {page for page in ("", "room", "learn", *look.PAGES) if "/Slider." in look.head(page)} == {*look.PAGES}
    assert {"train", "topologies", "lab"} == {*look.PAGES}


def test_the_style_sheet_is_in_the_head_and_closes_no_tag_early():
    assert ".st-key-frame-actions" in HEAD
    assert HEAD.count("</style>") == 1


def test_the_theme_names_the_fonts_that_stand_in_for_inter():
    families = list(dict.fromkeys(re.findall(r'@font-face \{\s+font-family: "([^"]+)"', HEAD)))
    theme = (ROOT / ".streamlit" / "config.toml").read_text()
    stack = ", ".join(["Inter", *(f"'{family}'" for family in families), "sans-serif"])
    assert theme.count(f'ont = "{stack}"') == 2
