"""`python -m two_heads`, and what importing it brings."""

import subprocess
import sys
from pathlib import Path

import keras
import pytest

from harness.local import ROOT
from tests.two_heads.models import two_outputs
from two_heads.__main__ import main


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "model.keras"
    two_outputs().save(path)
    return path


def test_fuse_and_split_write_files(file, capsys):
    assert main(["fuse", str(file)]) == 0
    assert "loss_weights = [1.0, 1.0]" in capsys.readouterr().out
    back = file.with_name("back.keras")
    assert main(["split", str(file.with_name("model-fuse.keras")), "-o", str(back)]) == 0
    assert keras.models.load_model(back).output_names == ["a", "b"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["fuse", "{file}", "-o", "{file}"], "would replace"),
        (["fuse", "{file}", "-o", "x.h5"], "has to end with .keras"),
        (["heads", "nothing.keras"], "nothing.keras"),
        (["split", "{file}", "-o", "{file}.keras"], None),
    ],
)
def test_what_cannot_be_done_is_a_sentence(file, capsys, arguments, sentence):
    assert main([each.format(file=file) for each in arguments]) == (1 if sentence else 0)
    assert (sentence or "") in capsys.readouterr().err


class Own(keras.layers.Layer):
    def call(self, x):
        return x


def test_a_file_that_keras_cannot_load_is_a_sentence(tmp_path, capsys):
    keras.Sequential([keras.Input((2,)), Own()]).save(tmp_path / "own.keras")
    assert main(["heads", str(tmp_path / "own.keras")]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("Keras cannot load ")
    assert "own.keras" in line


def test_the_library_is_imported_without_keras():
    script = "import sys, two_heads; print('keras' in sys.modules, two_heads.__version__)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    import backend

    assert done.stdout.split() == ["False", backend.__version__]
