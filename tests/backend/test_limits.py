"""The largest model that a payload may request."""

from backend.claims.job import ClaimJob
from backend.config.settings import Settings
from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.styles import STYLES
from backend.limits import architecture_of, too_large
from backend.network.job import InspectJob
from backend.network.parameters import parameters
from backend.speed.job import SpeedJob
from backend.speed.sweep import Sweep, with_heads
from backend.topologies.job import TopologyInspectJob, TopologyJob
from backend.training.job import SaveModelJob, TrainJob

FUNCTIONAL = STYLES["functional"]


def test_the_limit_of_a_sweep_counts_the_heads_that_it_times():
    trunk = Architecture(lstm=(8,))
    wide = Architecture(lstm=(8,), heads=tuple(Head(name=f"h{n}", hidden=(200, 200)) for n in range(4)))
    most = parameters(with_heads(trunk, 64), FUNCTIONAL)
    settings = Settings(parameters_per_model=most)
    assert parameters(wide, FUNCTIONAL) > most

    def payload(architecture, *heads):
        return SpeedJob(experiment=Experiment(architecture=architecture), sweep=Sweep(heads=heads))

    assert too_large(payload(wide, 1, 64), settings) is None
    assert f"{most:,} parameters" in too_large(payload(trunk, 1, 64), Settings(parameters_per_model=most - 1))
    assert too_large(TrainJob(experiment=Experiment(architecture=wide)), settings)


def test_every_payload_about_an_architecture_says_which():
    experiment, about = Experiment(), Architecture()
    payloads = {
        InspectJob(architecture=about, style="functional"): about,
        TrainJob(experiment=experiment): about,
        ClaimJob(claim="parameters", experiment=experiment): about,
        SpeedJob(experiment=experiment, sweep=Sweep()): about,
        TopologyJob(topology="siamese"): None,
        TopologyInspectJob(topology="siamese"): None,
    }
    assert {payload: architecture_of(payload) for payload in payloads} == payloads
    saved = SaveModelJob(experiment=experiment, style="functional", weights={})
    assert architecture_of(saved) == about
