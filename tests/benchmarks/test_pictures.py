"""The pictures of the pages: which there are."""

from benchmarks.pictures import PLACES
from harness.local import ROOT


def test_every_page_of_the_navigation_has_pictures():
    pages = {file.stem for file in (ROOT / "pages").glob("*.py")} - {"__init__", "navigation", "runs"}
    assert {place.name for place in PLACES} == pages
