"""The stopwatch on real Keras: its counts and events; it times the graph that `fit` runs, and leaks none."""

import keras
import numpy as np
import pytest

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.styles import STYLES
from backend.jobs.runtime import Cancelled, Context
from backend.questions.speed.job import PointEvent, SpeedJob, points_of
from backend.questions.speed.sweep import COMPARED, TIMED, Sweep, with_heads
from backend.statistics.intervals import FEWEST_PAIRS
from backend.worker import stopwatch
from backend.worker.build import build
from backend.worker.keras_internals import fit_batches, train_graph
from backend.worker.speed import Subject, speed

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
        self.cancel_after = cancel_after

    def report(self, event):
        self.events.append(event)

    def cancelled(self):
        return self.cancel_after is not None and len(points_of(self.events)) >= self.cancel_after


def experiment(trunk=TRUNK, optimizer="adam"):
    return Experiment.model_validate({"architecture": trunk, "training": {"batch": 8, "optimizer": optimizer}})


def run(sweep, context=None, setting=None):
    setting = setting or experiment()
    return speed(SpeedJob.on(setting, sweep), context or Recorder())


@pytest.mark.parametrize(
    ("sweep", "optimizer"),
    [
        (Sweep(heads=(2,), modes=("fit", "steps")), "adam"),
        pytest.param(Sweep(heads=(1, 3), modes=("fit", "steps")), "adam", marks=pytest.mark.soak),
    ],
)
def test_a_sweep_reports_each_point_with_the_counts_of_each_style(sweep, optimizer):
    context = Recorder()
    result = run(sweep, context, experiment(optimizer=optimizer))
    assert points_of(context.events) == result.points
    assert [(point.mode, point.k) for point in result.points] == sweep.points()

    for point in result.points:
        assert tuple(point.styles) == TIMED
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
            same = style != "functional" or point.k == 1
            assert (figures.operations == fused.operations) is same


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


def test_cancelling_ends_a_sweep_between_two_readings():
    context = Recorder(cancel_after=1)
    with pytest.raises(Cancelled):
        run(Sweep(heads=(1, 2), modes=("fit",)), context, experiment(optimizer="sgd"))
    assert len(points_of(context.events)) == 1
    assert isinstance(context.events[-1], PointEvent)
