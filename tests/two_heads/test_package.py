"""The library alone: its wheel, and Keras on JAX."""

import os
import subprocess
import sys
import zipfile
from importlib.util import find_spec

import pytest

from harness.local import ROOT

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


@pytest.mark.slow
@pytest.mark.skipif(not find_spec("setuptools"), reason="setuptools is missing")
def test_the_wheel_has_the_library_alone_and_needs_keras_and_numpy(tmp_path):
    script = f"import setuptools.build_meta as build; print(build.build_wheel({str(tmp_path)!r}))"
    source = tmp_path / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", "two_heads", "backend", "components"):
        (source / name).symlink_to(ROOT / name)
    done = subprocess.run([sys.executable, "-c", script], cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as files:
        names = files.namelist()
        metadata = files.read(next(name for name in names if name.endswith("METADATA"))).decode()
    packages = {name.split("/")[0] for name in names if ".dist-info" not in name}
    assert packages == {"two_heads"}
    assert "two_heads/py.typed" in names
    needed = [line for line in metadata.splitlines() if line.startswith("Requires-Dist") and "extra ==" not in line]
    assert sorted(line.split()[1].split(">")[0] for line in needed) == ["keras", "numpy"]
