"""The library alone: its wheel, its documents, and Keras on JAX."""

import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.metadata import Metadata

from harness.local import ROOT
from tests.builders.fresh_python import printed
from tests.two_heads.models import two_outputs

ON_JAX = """
import keras
from tests.two_heads.models import data_for, outputs, two_outputs
from two_heads import GradientConflict, combine, find_heads, fuse_heads, source, split_heads

assert keras.backend.backend() == "jax"
model = two_outputs(activation="tanh")
model.compile("adam", ["mse", "mse"], loss_weights=[1, 3])
x, y = data_for(model)
settings = {"epochs": 2, "batch_size": 8, "shuffle": False, "verbose": 0}
model.fit(x, y, **settings)
fused = fuse_heads(model)
again = split_heads(fused.model)
histories = [each.fit(x, y, **settings).history["loss"] for each in (model, fused.model, again.model)]
assert all(abs(a - b) < 1e-5 for one in histories[1:] for a, b in zip(histories[0], one))
assert [each.layers for each in find_heads(again.model)] == [("a", "b")]
for each in (model, fused.model):
    built = {}
    exec(source(each), built)
    assert [v.shape for v in built["model"].weights] == [v.shape for v in each.weights]
for call, second in ((GradientConflict, y), (combine, "pcgrad")):
    try:
        call(model, second)
    except RuntimeError as error:
        assert str(error).startswith(f"{call.__name__} needs TensorFlow as Keras's backend, and it is jax."), error
    else:
        raise AssertionError(call)
"""


@pytest.mark.slow
def test_find_fuse_split_and_source_on_jax():
    done = subprocess.run(
        [sys.executable, "-c", ON_JAX],
        cwd=ROOT,
        env=os.environ | {"KERAS_BACKEND": "jax"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel that pip builds of a copy of what it needs, with the setuptools that is installed."""
    folder = tmp_path_factory.mktemp("package")
    source = folder / "source"
    source.mkdir()
    for name in ("pyproject.toml", "LICENSE", "two_heads", "backend", "components"):
        (source / name).symlink_to(ROOT / name)
    build = ["wheel", ".", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder)]
    run(sys.executable, "-m", "pip", *build, folder=source)
    (found,) = folder.glob("*.whl")
    return found


def run(*command, folder, **environment):
    """What a command prints, run in that folder. The test fails if the command does."""
    done = subprocess.run(
        command, cwd=folder, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_wheel_has_the_library_alone_and_valid_metadata(wheel):
    with zipfile.ZipFile(wheel) as files:
        names = files.namelist()
        raw = files.read(next(name for name in names if name.endswith("METADATA")))
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"two_heads"}
    assert "two_heads/py.typed" in names
    metadata = Metadata.from_email(raw)  # raises an error for a field that a package index refuses
    assert metadata.description_content_type == "text/markdown"
    assert metadata.description == (ROOT / "two_heads" / "README.md").read_text()
    needed = {each.name: str(each.marker) for each in metadata.requires_dist}
    assert needed == {
        "keras": "None", "numpy": "None", "tensorflow": 'extra == "tensorflow"', "plotly": 'extra == "plot"',
    }  # fmt: skip


@pytest.mark.slow
def test_the_installed_library_runs_outside_the_checkout(wheel, tmp_path):
    """The environment finds Keras and NumPy where they are installed, and nothing else of ours."""
    venv.create(tmp_path / "env", symlinks=True)
    python, command = (tmp_path / "env" / "bin" / name for name in ("python", "two-heads"))
    run(sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", str(wheel), folder=tmp_path)
    (packages,) = (tmp_path / "env").glob("lib/python*/site-packages")
    (packages / "keras.pth").write_text(sysconfig.get_path("purelib"))
    two_outputs().save(tmp_path / "model.keras")
    where = run(str(python), "-c", "import two_heads; print(two_heads.__file__)", folder=tmp_path, PYTHONPATH="")
    assert Path(where.strip()).is_relative_to(packages)
    assert "a (" in run(str(command), "heads", "model.keras", folder=tmp_path, PYTHONPATH="")


@pytest.mark.slow
@pytest.mark.parametrize("document", ["docs/library.md", "two_heads/README.md"])
def test_the_python_of_a_document_is_a_program_that_runs(document):
    parts = re.findall(r"^```python\n(.*?)^```$", (ROOT / document).read_text(), re.M | re.S)
    assert parts
    printed(f"import sys; sys.path.append({str(ROOT)!r})\n" + "\n".join(parts))
