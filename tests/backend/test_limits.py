"""What a payload may ask of a worker."""

from backend.config.settings import Settings
from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.styles import STYLES
from backend.limits import too_large
from backend.network.parameters import parameters
from backend.speed.sweep import Sweep, with_heads

FUNCTIONAL = STYLES["functional"]


def test_a_sweep_is_measured_by_the_heads_that_it_times():
    trunk = Architecture(lstm=(8,))
    wide = Architecture(lstm=(8,), heads=tuple(Head(name=f"h{n}", hidden=(200, 200)) for n in range(4)))
    most = parameters(with_heads(trunk, 64), FUNCTIONAL)
    settings = Settings(parameters_per_model=most)
    assert parameters(wide, FUNCTIONAL) > most

    def payload(architecture, *heads):
        return {
            "experiment": Experiment(architecture=architecture).model_dump(mode="json"),
            "sweep": Sweep(heads=heads).model_dump(mode="json"),
        }

    assert too_large(payload(wide, 1, 64), settings) is None
    assert f"{most:,} parameters" in too_large(payload(trunk, 1, 64), Settings(parameters_per_model=most - 1))
    del (alone := payload(wide, 1))["sweep"]
    assert too_large(alone, settings)
