"""The notebook of the library runs from the first cell to the last."""

import json

import nbformat
import pytest

from harness.local import ROOT
from tests.builders.fresh_python import printed

NOTEBOOK = ROOT / "examples" / "two_heads.ipynb"
#: What takes most of its time: tracing the models, and their steps.
FASTER = {'"mse")': '"mse", run_eagerly=True)', "size=(512,": "size=(64,", "epochs=6": "epochs=2"}


@pytest.mark.slow
def test_the_notebook_runs():
    """Its cells in a fresh Python. Other tests execute notebooks in a kernel."""
    cells = [cell.source for cell in nbformat.read(NOTEBOOK, as_version=4).cells if cell.cell_type == "code"]
    found = f"import sys\nsys.path.append({str(ROOT)!r})\n"
    code = "\n".join(cells)
    for shown, faster in FASTER.items():
        assert shown in code
        code = code.replace(shown, faster)
    *said, saved = printed("\n".join([found, code, 'print(open("conflict.json").read())'])).splitlines()
    assert "('last', 'level') read trunk and can be one layer" in said
    assert "[('last', 'level')]" in said
    assert json.loads(saved)["heads"] == ["last", "level"]
