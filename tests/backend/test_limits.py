"""The most that a payload may request: parameters of a model, and the work of a measurement."""

from backend.config.settings import Settings
from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.styles import STYLES
from backend.limits import too_large
from backend.network.parameters import parameters
from backend.own_model.job import CompareOwnJob
from backend.questions.claims.job import ClaimJob
from backend.questions.compare.job import InspectJob
from backend.questions.gradients.job import MOST_NUMBERS, GradientsJob
from backend.questions.speed.job import SpeedJob
from backend.questions.speed.sweep import Sweep, with_heads
from backend.questions.topologies.job import TopologyInspectJob, TopologyJob
from backend.training.job import SaveModelJob, TrainJob
from tests.builders.found import rewriting_of

FUNCTIONAL = STYLES["functional"]


def test_the_limit_of_a_sweep_counts_the_heads_that_it_times():
    trunk = Architecture(lstm=(8,))
    wide = Architecture(lstm=(8,), heads=tuple(Head(name=f"h{n}", hidden=(200, 200)) for n in range(4)))
    most = parameters(with_heads(trunk, 64), FUNCTIONAL)
    settings = Settings(parameters_per_model=most)
    assert parameters(wide, FUNCTIONAL) > most

    def payload(architecture, *heads):
        return SpeedJob.on(Experiment(architecture=architecture), Sweep(heads=heads))

    assert too_large(payload(wide, 1, 64), settings) is None
    assert f"{most:,} parameters" in too_large(payload(trunk, 1, 64), Settings(parameters_per_model=most - 1))
    assert too_large(TrainJob(experiment=Experiment(architecture=wide)), settings)


def test_a_visitors_own_model_may_have_as_many_parameters_as_others():
    given = {"position": 0, "own": "", "activations": 1, "ids": 1}
    job = CompareOwnJob(id="a", rewriting=rewriting_of(9, [10]), **given)
    assert too_large(job, Settings(parameters_per_model=200)) is None
    assert "200 parameters" in too_large(job, Settings(parameters_per_model=199))


def test_every_payload_says_the_largest_architecture_that_it_builds():
    experiment, about = Experiment(), Architecture()
    payloads = {
        InspectJob(architecture=about, style="functional"): about,
        TrainJob(experiment=experiment): about,
        ClaimJob(question="parameters", settings=experiment): about,
        GradientsJob.on(experiment): about,
        SpeedJob.on(experiment, Sweep(heads=(1, 8))): with_heads(about, 8),
        TopologyJob(question="siamese"): None,
        TopologyInspectJob(topology="siamese"): None,
    }
    assert {payload: payload.largest for payload in payloads} == payloads
    saved = SaveModelJob(experiment=experiment, style="functional", weights={})
    assert saved.largest == about


def test_gradients_are_measured_of_two_to_sixteen_heads_within_memory_and_time():
    def refusal(changes=None, settings=None, **architecture):
        whole = {"architecture": architecture, **(changes or {})}
        return too_large(GradientsJob.on(Experiment.model_validate(whole)), settings or Settings())

    def heads(count):
        return [{"name": f"h{n}"} for n in range(count)]

    assert refusal() is None
    assert refusal(heads=heads(16)) is None
    assert "one head" in refusal(heads=heads(1))
    assert "17 heads, and the measurement takes at most 16" in refusal(heads=heads(17))
    assert f"at most {MOST_NUMBERS:,}" in refusal(heads=heads(16), lstm=[256, 256])
    long = {"sequences": {"samples": 4096}, "training": {"epochs": 100, "batch": 1}}
    assert "this server stops a job after 10 minutes" in refusal(long, timesteps=64, lstm=[256])
    assert "parameters, but this server accepts" in refusal(settings=Settings(parameters_per_model=100))
