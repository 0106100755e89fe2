"""The stopwatch on real Keras: its counts and events; it times the graph that `fit` runs, and leaks none."""

import gc
import statistics

import keras
import numpy as np
import pytest

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.styles import STYLES
from backend.jobs.runtime import Cancelled, Context
from backend.speed.job import PointEvent, SpeedJob, points_of
from backend.speed.result import SweepResult
from backend.speed.sweep import COMPARED, STEPS_PER_EXECUTION, Sweep, with_heads
from backend.statistics.intervals import FEWEST_PAIRS
from backend.worker import stopwatch
from backend.worker.build import build
from backend.worker.keras_internals import fit_batches, gradient_functions, train_graph
from backend.worker.speed import Subject, speed
from backend.worker.stopwatch import MOST_ROUNDS, in_turns

pytestmark = pytest.mark.slow

TRUNK = {"timesteps": 2, "lstm": [4], "dense": [{"units": 3}]}


@pytest.fixture(autouse=True)
def _no_longer_than_needed(monkeypatch):
    """Times the fewest rounds that give an interval."""
    monkeypatch.setattr(stopwatch, "BUDGET", dict.fromkeys(stopwatch.BUDGET, 0.0))


class Recorder(Context):
    """Keeps the reported events; cancelled after `cancel_after` points."""

    def __init__(self, cancel_after=None):
        super().__init__()
        self.events = []
        self.models = 0
        self.cancel_after = cancel_after

    def report(self, event):
        self.events.append(event)

    def cancelled(self):
        return self.cancel_after is not None and len(points_of(self.events)) >= self.cancel_after

    def traced(self, models=1):
        self.models += models


def experiment(trunk=TRUNK, optimizer="adam"):
    return Experiment.model_validate({"architecture": trunk, "training": {"batch": 8, "optimizer": optimizer}})


def run(sweep, context=None, setting=None):
    setting = setting or experiment()
    return speed(SpeedJob(experiment=setting, sweep=sweep), context or Recorder())


@pytest.mark.parametrize(
    ("sweep", "optimizer"),
    [
        pytest.param(Sweep(heads=(1,), modes=("fit",)), "sgd", marks=pytest.mark.soak),
        (Sweep(heads=(2,), modes=("fit", "steps"), styles=COMPARED), "adam"),
        pytest.param(Sweep(heads=(1, 3), modes=("fit", "steps")), "adam", marks=pytest.mark.soak),
    ],
    ids=["one head", "two heads", "both"],
)
def test_a_sweep_reports_each_point_with_the_counts_of_each_style(sweep, optimizer):
    context = Recorder()
    result = run(sweep, context, experiment(optimizer=optimizer))
    assert points_of(context.events) == result.points
    assert SweepResult.model_validate_json(result.model_dump_json()) == result
    assert [(point.mode, point.k) for point in result.points] == sweep.points()
    assert context.models == len(sweep.points()) * len(sweep.styles)

    for point in result.points:
        assert tuple(point.styles) == sweep.styles
        fused = point.styles["functional_fused"]
        for style, figures in point.styles.items():
            own = 2 * point.k if style == "functional" else 2  # a kernel and a bias a layer
            losses = point.k + 1 if style == "functional" and point.k > 1 else 1  # each head's and the total
            assert figures.weights == 3 + 2 + own
            moments = {"adam": 2, "sgd": 0}[optimizer]
            assert figures.slots == moments * figures.weights + 2  # with the optimizer's step and its rate
            assert figures.trackers == 2 * losses
            assert len(figures.build) == len(figures.train) == FEWEST_PAIRS
            assert len(figures.infer) == (0 if point.mode == "steps" else FEWEST_PAIRS)
            assert min(figures.build + figures.train + figures.infer) > 0
            assert figures.first_call > statistics.median(figures.train)
            same = style != "functional" or point.k == 1
            assert (figures.operations == fused.operations) is same
            assert figures.operations >= fused.operations
    builds = {(point.k, tuple(point.styles["functional"].build)) for point in result.points}
    assert len(builds) == len(sweep.heads), "building does not depend on the mode and is timed once"


@pytest.mark.parametrize("timesteps", [2, pytest.param(40, marks=pytest.mark.soak)])
def test_xla_is_timed_unrolled_or_not(timesteps):
    setting = experiment(TRUNK | {"timesteps": timesteps}, optimizer="sgd")
    assert setting.architecture.unroll is (timesteps == 2)
    (point,) = run(Sweep(heads=(2,), modes=("xla",), styles=COMPARED), setting=setting).points
    assert point.mode == "xla"
    assert len(point.styles["functional"].train) == FEWEST_PAIRS


@pytest.mark.parametrize(
    "style", [pytest.param(each, marks=[] if each == "functional" else pytest.mark.soak) for each in COMPARED]
)
def test_the_timed_graph_is_the_one_that_fit_runs(style):
    architecture = with_heads(Architecture.model_validate(TRUNK), 2)
    source, fused = STYLES[style].write(architecture), style == "functional_fused"
    x, y = np.zeros((64, 2, 2), "float32"), [np.zeros((64, 1), "float32")] * 2
    subject = Subject(source, architecture, fused, "adam", "fit")
    subject.feed_heads(x, y, 8)
    subject.first_call()

    model = build(source)
    model.compile(optimizer=keras.optimizers.Adam(), loss="mse" if fused else ["mse"] * 2)
    y = np.concatenate(y, axis=1) if fused else y
    model.fit(x, y, batch_size=8, verbose=0)
    traced = train_graph(model)
    graph = traced.get_concrete_function(fit_batches(x, y, 8)).graph.as_graph_def()
    assert traced.experimental_get_tracing_count() == 1, "this is the graph that `fit` has traced"
    assert subject.operations() == len(graph.node) + sum(len(f.node_def) for f in graph.library.function)
    assert subject.operations() == subject.operations()
    assert train_graph(subject.model).experimental_get_tracing_count() == 1, "counting traces nothing"


def test_a_call_of_the_train_function_takes_the_steps_of_its_mode():
    architecture = with_heads(Architecture.model_validate(TRUNK), 1)
    for mode, steps in (("fit", 1), ("steps", STEPS_PER_EXECUTION)):
        subject = Subject(STYLES["sequential"].write(architecture), architecture, True, "sgd", mode)
        subject.feed_heads(np.zeros((64, 2, 2), "float32"), [np.zeros((64, 1), "float32")], 8)
        subject.first_call()
        subject.train(2)
        assert int(subject.model.optimizer.iterations) == 3 * steps


def test_cancelling_ends_a_sweep_between_two_readings():
    context = Recorder(cancel_after=1)
    with pytest.raises(Cancelled):
        run(Sweep(heads=(1, 2), modes=("fit",), styles=COMPARED), context, experiment(optimizer="sgd"))
    assert len(points_of(context.events)) == 1
    assert isinstance(context.events[-1], PointEvent)


def test_the_order_rotates_so_that_no_style_is_always_first():
    taken = []

    def timer(name):
        def read(calls):
            taken.append(name)
            return float(len(taken))

        return read

    readings = in_turns({name: timer(name) for name in "abc"}, 1, 0.0, Recorder())
    rounds = ["".join(taken[i : i + 3]) for i in range(0, len(taken), 3)]
    assert rounds[:4] == ["abc", "bca", "cab", "abc"]
    assert len(rounds) == FEWEST_PAIRS
    for i, order in enumerate(rounds):
        assert [readings[name][i] for name in order] == [3 * i + 1, 3 * i + 2, 3 * i + 3], "each keeps its own"


def test_quick_readings_stop_at_the_most_rounds():
    assert len(in_turns({"a": lambda calls: 1.0}, 1, 3600, Recorder())["a"]) == MOST_ROUNDS


@pytest.mark.soak
def test_a_sweep_releases_its_traced_graphs():
    def graphs():
        gc.collect()
        return sum(type(each).__name__ == "FuncGraph" for each in gc.get_objects())

    run(Sweep(heads=(1,), modes=("fit",), styles=COMPARED))  # TensorFlow keeps some state after the first run
    before, registered = graphs(), gradient_functions()
    run(Sweep(heads=(2,), modes=("fit",), styles=COMPARED))
    assert graphs() == before
    assert gradient_functions() == registered
