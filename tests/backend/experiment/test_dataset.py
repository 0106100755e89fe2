import subprocess
import sys
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.experiment.architecture import Architecture, Head
from backend.experiment.dataset import Sequences, generate, generate_sequences, script_source
from backend.experiment.sources import SYNTHETIC
from backend.experiment.tasks import TASKS, tasks_of

EVERY_TASK = Architecture(heads=tuple(Head.for_task(name) for name in tasks_of(SYNTHETIC)))


def same_bits(one: np.ndarray, other: np.ndarray) -> bool:
    return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()


@settings(max_examples=40, deadline=None)
@given(st.integers(32, 100), st.integers(1, 64), st.integers(1, 16), st.integers(0, 2**31 - 1))
def test_sequences_of_any_size_are_finite_float32(samples, timesteps, features, seed):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        x, factors = generate_sequences(samples, timesteps, features, seed)
    assert x.shape == (samples, timesteps, features)
    assert x.dtype == np.float32
    assert np.isfinite(x).all()
    assert np.abs(x).max() < 10
    assert {len(values) for values in factors.values()} == {samples}


def test_two_heads_on_one_task_share_the_signal_and_not_the_noise():
    heads = (Head.for_task("level", "one"), Head.for_task("level", "two"))
    quiet = generate(Architecture(heads=heads), Sequences(samples=2000, noise=(0.0, 0.0)), ())
    assert same_bits(quiet.y["one"], quiet.y["two"])
    loud = generate(Architecture(heads=heads), Sequences(samples=2000, noise=(1.0, 1.0)), ())
    noises = [loud.y[name][:, 0] - quiet.y[name][:, 0] for name in ("one", "two")]
    assert abs(np.corrcoef(noises)[0, 1]) < 0.08
    assert [noise.std() for noise in noises] == pytest.approx([1.0, 1.0], abs=0.05)
    assert abs(np.corrcoef(noises[0], quiet.y["one"][:, 0])[0, 1]) < 0.08


@pytest.mark.parametrize("name", [name for name in tasks_of(SYNTHETIC) if TASKS[name].kind == "regression"])
def test_a_regression_target_without_noise_is_standardised_per_unit_and_scaled(name):
    architecture = Architecture(heads=(Head.for_task(name, units=2),))
    y = generate(architecture, Sequences(noise=(0.0,), scale=(50.0,)), ()).y[name]
    np.testing.assert_allclose(y.mean(axis=0), 0.0, atol=1e-3)
    np.testing.assert_allclose(y.std(axis=0), 50.0, rtol=1e-4)


@pytest.mark.parametrize(("noise", "flipped"), [(0.0, 0.0), (0.3, 0.3), (10.0, 0.5)])
def test_noise_flips_that_share_of_labels_and_never_more_than_half(noise, flipped):
    heads = (Head.for_task("spike", units=2), Head.for_task("waveform", units=5))
    architecture = Architecture(heads=heads)
    clean = generate(architecture, Sequences(samples=4096, noise=(0.0, 0.0)), ())
    noisy = generate(architecture, Sequences(samples=4096, noise=(noise, noise), scale=(7.0, 7.0)), ())
    np.testing.assert_array_equal(clean.y["spike"], clean.factors["spike"])
    np.testing.assert_array_equal(clean.y["waveform"].argmax(axis=1), clean.factors["waveform"])
    for name in ("spike", "waveform"):
        assert np.isin(noisy.y[name], (0.0, 1.0)).all()  # and no scale
    assert (noisy.y["spike"] != clean.y["spike"]).mean() == pytest.approx(flipped, abs=0.03)
    moved = noisy.y["waveform"].argmax(axis=1) != clean.y["waveform"].argmax(axis=1)
    assert moved.mean() == pytest.approx(flipped, abs=0.03)
    np.testing.assert_array_equal(noisy.y["waveform"].sum(axis=1), 1)


EXPORTED = {
    "the thread's network": (Architecture(), Sequences()),
    "every task": (EVERY_TASK, Sequences(samples=333, seed=2**31 - 1, relatedness=-1 / 3, noise=(0.1, 0.0, 1e-7))),
    "the second of the pair alone": (
        Architecture(timesteps=3, features=1, heads=(Head.for_task("related_b", "b", units=16),)),
        Sequences(samples=4096, seed=1, scale=(0.001,)),
    ),
    "the smallest input": (
        Architecture(timesteps=1, features=1, heads=(Head.for_task("level", "m"), Head.for_task("last", "l"))),
        Sequences(samples=32, scale=(1000.0, 1 / 7)),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", EXPORTED)
def test_the_exported_source_generates_the_same_bits_in_a_fresh_interpreter(case, tmp_path):
    architecture, sequences = EXPORTED[case]
    script = tmp_path / "data.py"
    script.write_text(
        "import numpy as np\n\n"
        + script_source(architecture, sequences, (sequences.samples,))
        + "\nnp.savez('data.npz', x, **y)\n"
        "import sys\n"
        "assert not {'backend', 'pydantic', 'keras'} & set(sys.modules)\n",
        encoding="utf-8",
    )
    subprocess.run([sys.executable, "-I", "-W", "error", script.name], cwd=tmp_path, check=True, timeout=60)
    dataset = generate(architecture, sequences, (sequences.samples,))
    with np.load(tmp_path / "data.npz") as data:
        assert list(data) == [*dataset.y, "arr_0"]
        assert same_bits(data["arr_0"], dataset.x)
        for name, target in dataset.y.items():
            assert same_bits(data[name], target)
