"""The lines that convert a visitor's file at home, executed on a real file."""

from pathlib import Path

import keras
import numpy as np
import pytest

from backend.own_network.examination import examine
from backend.worker import own_network
from components.own_network.panel import lines_for_home
from tests.backend.own_network.test_heads import conv_heads, nested_heads
from tests.builders.fresh_python import printed

ROOT = Path(__file__).parents[3]


def sequential():
    """One Dense layer, which becomes several."""
    return keras.Sequential([keras.Input((5, 2)), keras.layers.GRU(4), keras.layers.Dense(3, name="hours")])


@pytest.mark.slow
@pytest.mark.parametrize("make", [conv_heads, sequential, pytest.param(nested_heads, marks=pytest.mark.soak)])
def test_the_lines_for_home_convert_the_real_file(make, tmp_path):
    model = make()
    own_network.randomise(model)
    model.save(tmp_path / "model.keras")
    (rewriting,) = examine(model.to_json()).rewritings
    found = f"import os, sys\nsys.path.append({str(ROOT)!r})\nos.chdir({str(tmp_path)!r})\n"
    printed(found + lines_for_home(rewriting))
    x = own_network.inputs_of(model, examine(model.to_json()).graph, 2)
    converted = keras.models.load_model(tmp_path / "other_style.keras")
    expected, got = (np.concatenate(keras.tree.flatten(each(x)), axis=-1) for each in (model, converted))
    np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-4)
