"""The preview of a link: its tags on each page, and its picture."""

import hashlib
import re

import pytest
from PIL import Image

import app
from backend.web.frontend import ORIGIN
from components.layout import preview
from harness.local import ROOT

NAMES = {file.stem for file in (ROOT / "pages").glob("*.py")} - {"__init__", "navigation", "compare"} | {""}
#: Pages with the picture of another one.
NAMED = {"": "compare", "runs": "train"}
#: Most bytes of a picture.
MOST = 60_000


def tags(html: str) -> dict[str, str]:
    return dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)" />', html))


def test_each_page_has_a_preview():
    assert set(preview.PREVIEWS) == NAMES == {path.rpartition("/")[2] for path in app.pages()}


@pytest.mark.parametrize("page", sorted(NAMES))
def test_a_page_has_its_own_title_sentence_and_picture(page):
    found = tags(app.index_html(page))
    shown = preview.PREVIEWS[page]
    assert (found["og:title"], found["og:description"]) == (shown.title, shown.sentence)
    assert found["twitter:card"] == "summary_large_image"
    assert re.fullmatch(rf"{ORIGIN}/app/static/preview-{NAMED.get(page, page)}-[0-9a-f]{{8}}\.png", found["og:image"])
    assert found["og:image"].removeprefix(ORIGIN) in app.static_files()


@pytest.mark.parametrize("page", sorted(NAMES))
def test_a_picture_is_small_and_named_by_its_content(page):
    file = preview.picture_of(page)
    assert file is not None
    content = file.read_bytes()
    assert len(content) <= MOST
    assert file.stem.endswith(hashlib.sha256(content).hexdigest()[:8])
    with Image.open(file) as picture:
        assert picture.size == (preview.WIDTH, preview.HEIGHT)
