"""Each file that depends on Streamlit's private parts says so at its head, and was checked on the pinned version."""

import ast
import importlib.metadata
import re

import pytest

from harness.local import ROOT

FOLDER = ROOT / "components" / "streamlit_internals"
#: The others have no code of their own that needs Streamlit.
FILES = sorted(path for path in FOLDER.glob("*.py") if path.name not in ("__init__.py", "selectors.py"))
FIELDS = ("Needs", "No supported way", "Measured", "Visitors would lose", "Checked on", "Fails without it", "Upstream")


def fields(path):
    """The named lines at the end of a file's docstring; a field goes on to the next one."""
    text = ast.get_docstring(ast.parse(path.read_text())) or ""
    parts = re.split(rf"^({'|'.join(FIELDS)}): ", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], (part.strip() for part in parts[1::2]), strict=True))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_head_says_what_it_needs_why_and_which_test_fails_without_it(path):
    said = fields(path)
    assert tuple(said) == FIELDS
    assert all(said.values())
    assert said["Checked on"] == f"Streamlit {importlib.metadata.version('streamlit')}"
    assert said["Upstream"].startswith("https://github.com/streamlit/streamlit/")
    name, _, file = said["Fails without it"].split()
    assert re.search(rf"^(async )?def {name}\(", (ROOT / file).read_text(), re.MULTILINE)
    if "/blob/" in said["Upstream"]:
        assert f"/blob/{importlib.metadata.version('streamlit')}/" in said["Upstream"]
