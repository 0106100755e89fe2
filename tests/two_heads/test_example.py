"""The notebook of the library runs from the first cell to the last."""

import json

import nbformat
import pytest

from harness.local import ROOT

NOTEBOOK = ROOT / "examples" / "two_heads.ipynb"


@pytest.mark.slow
@pytest.mark.takes("a kernel of its own imports Keras and traces six trainings")
def test_the_notebook_runs(tmp_path, monkeypatch):
    from nbclient import NotebookClient

    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    opened = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(opened, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    printed = "".join(output.get("text", "") for cell in opened.cells for output in cell.get("outputs", []))
    assert "('last', 'mean') read trunk and can be one layer" in printed
    assert "[('last', 'mean')]" in printed
    assert json.loads((tmp_path / "conflict.json").read_text())["heads"] == ["last", "mean"]


def test_the_notebook_is_stored_without_outputs():
    assert all(not cell.get("outputs") for cell in nbformat.read(NOTEBOOK, as_version=4).cells)
