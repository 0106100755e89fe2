"""The command line refuses each bad file with one line that has its name."""

import json
import zipfile
from pathlib import Path

import keras
import pytest

from tests.two_heads.models import two_outputs
from two_heads.__main__ import main


class Subclassed(keras.Model):
    def call(self, x):
        return x


def with_config(path: Path, config: str | None) -> None:
    """Replace the configuration in a .keras file, or remove it."""
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist() if name != "config.json"}
    with zipfile.ZipFile(path, "w") as file:
        for name, data in (parts | ({"config.json": config} if config else {})).items():
            file.writestr(name, data)


def huge() -> str:
    return json.dumps(json.loads(two_outputs().to_json().replace('"units": 8', f'"units": {10**13}')))


def subclassed(path: Path) -> None:
    model = Subclassed()
    model(keras.ops.zeros((1, 2)))
    model.save(path)


BAD = {
    "missing.keras": (Path.unlink, "is no whole .keras file"),
    "folder.keras": (lambda path: (path.unlink(), path.mkdir()), "is no whole .keras file"),
    "text.keras": (lambda path: path.write_text("hello"), "no zip archive"),
    "cut.keras": (lambda path: path.write_bytes(path.read_bytes()[:2000]), "or a part of one"),
    "text.h5": (lambda path: path.write_text("hello"), "Keras cannot load"),
    "model.txt": (lambda path: path.write_text("hello"), "File format not supported"),
    "without.keras": (lambda path: with_config(path, None), "no item named 'config.json'"),
    "broken.keras": (lambda path: with_config(path, "{"), "Keras cannot load"),
    "huge.keras": (lambda path: with_config(path, huge()), "more memory than there is"),
    "subclassed.keras": (subclassed, "locate class 'Subclassed'."),
    "alone.keras": (lambda path: keras.Sequential([keras.Input((2,)), keras.layers.ReLU()]).save(path), "No heads"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_one_line_with_its_name(name, tmp_path, capsys):
    path = tmp_path / name
    two_outputs().save(tmp_path / "good.keras")
    (tmp_path / "good.keras").rename(path)
    make, sentence = BAD[name]
    make(path)
    assert main(["fuse", str(path), "-o", str(tmp_path / "new.keras")]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert str(path) in line
    assert sentence in line
