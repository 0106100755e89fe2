"""Only one file says what Streamlit's parts are called inside, and each of its names is used."""

import re

import pytest

from components.browser import bundles
from components.layout import look
from components.streamlit_internals.selectors import NAMES, expanded, selectors
from harness.local import ROOT

COMPONENTS = ROOT / "components"
FOLDER = COMPONENTS / "streamlit_internals"
#: What Streamlit and Plotly call their parts. `.st-key-…` is a promise of Streamlit's.
INSIDE = re.compile(
    r"_stcore|__streamlit|data-test|dataset\.test|\.st[A-Z]\w|data-(collapsed|selected|variant|baseweb|rac)\b|stSidebarCollapsed|js-plotly|main-svg|modebar-|\.(drag|scatter|shape)layer"
)
SHEETS = [path for path in COMPONENTS.rglob("*.css") if not path.is_relative_to(FOLDER)]
BUNDLES = COMPONENTS / "browser" / "vendor"
CODE = [
    path
    for end in ("py", "js")
    for path in COMPONENTS.rglob(f"*.{end}")
    if not path.is_relative_to(FOLDER) and not path.is_relative_to(BUNDLES)
]
#: One option tells operators which of Streamlit's addresses it opens.
OPTIONS = ROOT / "backend" / "config" / "settings.py"
SERVER = [ROOT / "app.py", *(path for folder in ("backend", "pages") for path in (ROOT / folder).rglob("*.py"))]


def test_a_name_stands_for_streamlits_selector():
    assert expanded("a:--page-link > b, :--main { --main: 1px }") == (
        "a[data-testid=stPageLink-NavLink] > b, .stMain { --main: 1px }"
    )
    with pytest.raises(KeyError):
        expanded(":--no-such-part p {}")


def test_style_sheets_and_code_call_streamlits_parts_by_our_names():
    assert len(SHEETS) > 10
    assert [path for path in (*SHEETS, *CODE, *SERVER) if INSIDE.search(path.read_text())] == [OPTIONS]
    assert ":--" not in look.head()
    assert not any(":--" in script for script in bundles().values())


def test_every_name_is_used():
    used = {name for path in (*SHEETS, *CODE) for name in re.findall(r":--([a-z-]+)", path.read_text())}
    assert {*selectors(), *NAMES} - used == set()
