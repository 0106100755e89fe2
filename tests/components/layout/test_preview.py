"""The preview of a link: its tags on each page, and its picture."""

import hashlib
import re
import subprocess
import sys

import pytest
from PIL import Image

import app
from backend.web.frontend import ORIGIN
from components.layout import preview
from harness.local import ROOT

NAMES = {file.stem for file in (ROOT / "pages").glob("*.py")} - {"__init__", "navigation", "compare"} | {""}
#: Prints a page as the server sends it below a base path.
BELOW = """
from streamlit.web import bootstrap
bootstrap.load_config_options({"server_baseUrlPath": "/heads/"})
import app
print(app.index_html("lab"))
"""
#: Most bytes of a picture.
MOST = 60_000


def tags(html: str) -> dict[str, str]:
    return dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)" />', html))


def test_each_page_has_a_preview():
    assert set(preview.PREVIEWS) == NAMES == app.page_names()


@pytest.mark.parametrize("page", sorted(NAMES))
def test_a_page_has_its_own_title_sentence_and_picture(page):
    found = tags(app.index_html(page))
    shown = preview.PREVIEWS[page]
    assert (found["og:title"], found["og:description"]) == (shown.title, shown.sentence)
    assert found["twitter:card"] == "summary_large_image"
    assert re.fullmatch(rf"{ORIGIN}/app/static/preview-{shown.name}-[0-9a-f]{{8}}\.png", found["og:image"])
    assert found["og:image"].removeprefix(ORIGIN) in app.static_files()


@pytest.mark.parametrize("page", sorted(NAMES))
def test_a_picture_is_small_and_named_by_its_content(page):
    file = preview.picture_of(preview.PREVIEWS[page])
    assert file is not None
    content = file.read_bytes()
    assert len(content) <= MOST
    assert file.stem.endswith(hashlib.sha256(content).hexdigest()[:8])
    with Image.open(file) as picture:
        assert picture.size == (preview.WIDTH, preview.HEIGHT)


@pytest.mark.slow
def test_below_a_base_path_the_picture_is_there_too():
    done = subprocess.run(
        [sys.executable, "-c", BELOW], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    lines = done.stdout.splitlines()
    (line,) = (line for line in lines if "og:image" in line)
    assert f'content="{ORIGIN}/heads/app/static/preview-lab-' in line


def test_without_a_picture_there_are_still_words(monkeypatch, tmp_path):
    monkeypatch.setattr(preview, "FOLDER", tmp_path)
    found = tags(preview.tags("train", "/app/static"))
    assert "og:image" not in found
    assert found["og:title"]
