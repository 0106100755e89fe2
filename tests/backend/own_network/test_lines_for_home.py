"""The lines that convert a visitor's file at home, executed on a real file."""

import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from backend.own_network.examination import examine
from backend.worker import own_network
from components.own_network.panel import lines_for_home
from tests.backend.own_network.test_heads import COMPARED
from tests.fresh_python import printed

ROOT = Path(__file__).parents[3]


def in_a_new_python(lines, folder):
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", lines], cwd=folder, env=environment, check=True)


def in_a_fork(lines, folder):
    printed(f"import os, sys\nsys.path.append({str(ROOT)!r})\nos.chdir({str(folder)!r})\n{lines}")


@pytest.mark.slow
@pytest.mark.takes("a new Python imports TensorFlow: 16 s on two busy cores")
@pytest.mark.parametrize(
    ("name", "execute"), [("forecaster", in_a_new_python), ("one_day", in_a_fork), ("nested_heads", in_a_fork)]
)
def test_the_lines_for_home_convert_the_real_file(name, execute, tmp_path):
    model = COMPARED[name]()
    own_network.randomise(model)
    model.save(tmp_path / "model.keras")
    (rewriting,) = examine(model.to_json()).rewritings
    execute(lines_for_home(rewriting), tmp_path)
    x = own_network.inputs_of(model, examine(model.to_json()).graph, 2)
    converted = keras.models.load_model(tmp_path / "other_style.keras")
    expected, got = (np.concatenate(keras.tree.flatten(each(x)), axis=-1) for each in (model, converted))
    np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-4)
