"""The script for a visitor's own model times both styles in a fresh Python, and the CSV has every reading."""

import csv
import io
import re

import keras
import pytest

from backend.jobs.runtime import Context
from backend.own_model.found import Found
from backend.own_model.job import Timed, Timings
from backend.questions.speed import own
from backend.worker.own_model import found_in
from tests.builders import fresh_python

layers = keras.layers


def of_ids():
    """Two inputs of whole numbers, and heads that are a dictionary."""
    user, item = (keras.Input((), dtype="int32", name=name) for name in ("user", "item"))
    x = layers.Concatenate()([layers.Embedding(9, 3)(user), layers.Embedding(5, 3)(item)])
    heads = {"rating": layers.Dense(1, name="rating")(x), "click": layers.Dense(1, name="click")(x)}
    return keras.Model({"user": user, "item": item}, heads)


def test_the_csv_has_every_reading():
    several, one = (Timings(build=[0.1, 0.2], train=[x, x], infer=[0.3, 0.4]) for x in (0.5, 0.25))
    rows = list(csv.DictReader(io.StringIO(own.csv(Timed(several=several, one=one, control=one, batch=32)))))
    assert len(rows) == 3 * 6
    assert rows[2] == {"style": "several layers", "quantity": "train step", "round": "1", "seconds": "0.5"}


@pytest.mark.slow
def test_the_script_prints_the_ratio_and_its_interval():
    """A step takes a dictionary and one array as inputs, and a dictionary and a list as targets."""
    page = Found.model_validate_json(found_in(of_ids().to_json(), Context()))
    printed = fresh_python.printed(own.script(page, page.rewritings[0]))
    found = re.fullmatch(
        r"Train step: several layers / one layer ([\d.]+), interval ([\d.]+) to ([\d.]+)", printed.splitlines()[-1]
    )
    ratio, low, high = map(float, found.groups())
    assert 0 < low <= ratio <= high
