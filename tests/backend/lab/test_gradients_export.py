"""What a visitor takes home of a measurement."""

import csv
import io
import json

import pytest

from backend.questions.gradients.export import callback_script, table_csv
from harness.local import ROOT
from tests.backend.lab.measured import gradients, measurement
from tests.backend.worker.trainings import REGRESSION, experiment
from tests.builders import fresh_python

#: In a fresh Python, the library is where `pip install .` would put it.
INSTALLED = f"import sys; sys.path.append({str(ROOT)!r})\n"


@pytest.mark.slow
@pytest.mark.parametrize("combine", [pytest.param("sum", marks=pytest.mark.soak), "pcgrad"])
def test_the_script_writes_what_it_measured(combine):
    setting = experiment(REGRESSION, epochs=1, samples=50, combine=combine)
    printed = fresh_python.printed(f"{INSTALLED}{callback_script(setting)}\nprint(open('gradients.json').read())")
    found = json.loads(printed.splitlines()[-1])
    heads = [head.name for head in setting.architecture.heads]
    assert found["heads"] == heads
    assert [entry["epoch"] for entry in found["history"]] == [0, 1]
    assert found["rows"] == setting.training.split(50)[0]
    assert printed.startswith(f"{heads[0]} and {heads[1]} {found['history'][-1]['pairs'][0]['cosine']} ")


def test_the_table_has_a_row_for_each_epoch_and_pair():
    found = gradients(
        measurement([[1.0, 0.0], [1.0, 1.0], [0.0, 0.0]], 0), measurement([[1.0, 0.0], [-1.0, 0.0], [0.0, 2.0]], 3)
    )
    rows = list(csv.DictReader(io.StringIO(table_csv(found))))
    assert [(row["epoch"], row["first_head"], row["second_head"]) for row in rows[:3]] == [
        ("0", "level", "trend"), ("0", "level", "last"), ("0", "trend", "last"),
    ]  # fmt: skip
    assert float(rows[0]["cosine"]) == pytest.approx(0.5**0.5)
    assert (rows[1]["cosine"], rows[1]["second_length"]) == ("", "0.0")
    assert (float(rows[3]["cosine"]), rows[3]["conflicting_batches"], rows[3]["compared_batches"]) == (-1.0, "8", "8")
    assert json.loads(rows[5]["length_ratio"]) == 2.0
