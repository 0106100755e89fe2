import numpy as np

from backend.experiment.dataset import generate_sequences
from backend.experiment.tasks import TASKS


def test_the_frequency_can_be_read_off_the_sequence():
    """The strongest bin of a long sine's spectrum, its line removed, is the target."""
    x, factors = generate_sequences(400, 64, 2, seed=1)
    target = TASKS["frequency"].target(x, factors, 2, np.random.default_rng(0), 0.0)
    plain = (factors["waveform"][:, None] == 0) & (factors["spike"] == 0)
    assert plain.sum() > 20
    step = np.arange(64)
    for i, j in np.argwhere(plain):
        flat = x[i, :, j] - np.polyval(np.polyfit(step, x[i, :, j], 1), step)
        strongest = np.abs(np.fft.rfft(flat, 640))[:40].argmax() / 10  # bins of a tenth of a cycle
        assert abs(strongest - target[i, j]) < 0.6
