"""The files that a visitor downloads on Train are complete."""

from __future__ import annotations

import json
import re
import zipfile

import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visit, download

pytestmark = pytest.mark.browser


@pytest.mark.soak  # `test_train.py` downloads the same files after its run
def test_script_notebook_and_sources_before_a_run_and_its_curves_and_models_after(visit: Visit) -> None:
    page = visit.open("/train?lstm=5&epochs=3&head=level&head=trend......Is+there+one%3F")
    page.get_by_role("button", name="Export").click()

    script = download(visit, "Script (Python)")
    assert script.name == "sequential-vs-functional.py"
    source = script.read_text()
    assert f"Open the experiment in Two Heads: {visit.url}/train?lstm=5&epochs=3" in source
    compile(source, script.name, "exec")
    assert "layers.LSTM(5" in source
    assert "backend" not in source
    assert "Is there one" not in source, "free text enters no source"

    file = download(visit, "Notebook (Jupyter)")
    assert file.name == "sequential-vs-functional.ipynb"
    notebook = json.loads(file.read_text())
    assert f"{visit.url}/train?lstm=5&epochs=3" in "".join(notebook["cells"][0]["source"])
    assert notebook["nbformat"] == 4
    compile("\n".join("".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"), "cells", "exec")

    file = download(visit, "Functional source")
    assert file.name == "functional.py"
    compile(file.read_text(), "source", "exec")
    expect(page.get_by_role("link", name="Colab")).to_have_attribute("href", re.compile("colab.research.google.com"))
    expect(page.get_by_role("button", name="Curves (CSV)")).to_have_count(0)

    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Script (Python)")).to_have_count(0)
    visit.train.click()
    visit.wait_for_finish()
    page.get_by_role("button", name="Export").click()

    file = download(visit, "Curves (CSV)")
    assert file.name == "sequential-vs-functional-curves.csv"
    rows = file.read_text().splitlines()
    assert rows[0] == "seed,epoch,side,style,split,loss,value"
    assert len(rows) == 1 + 3 * 2 * 2 * 3, "epochs × sides × splits × (total and two heads)"
    for title in ("Sequential", "Functional"):
        file = download(visit, f"Trained {title}, .keras")
        assert file.name == f"{title.lower()}.keras"
        with zipfile.ZipFile(file) as model:
            assert {"config.json", "metadata.json", "model.weights.h5"} <= set(model.namelist())
            assert json.loads(model.read("metadata.json"))["keras_version"].startswith("3.")
            compiled = json.loads(model.read("config.json"))["compile_config"]
            assert compiled["optimizer"]["class_name"] == "Adam"
            assert compiled["loss"] == ("mse" if title == "Sequential" else ["mse", "mse"])
