"""What a visitor takes home of a measurement."""

import csv
import io
import json

import pytest

from backend.questions.gradients.export import table_csv
from tests.backend.lab.measured import gradients, measurement


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
