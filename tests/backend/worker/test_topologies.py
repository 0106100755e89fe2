"""Real Keras builds, refuses and trains the topologies."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from backend.jobs.messages import Progress
from backend.jobs.runtime import Cancelled, Context, flag
from backend.topologies import TOPOLOGIES
from backend.topologies.graphs import bare, recorded
from backend.topologies.job import SeedEvent, TopologyInspectJob, TopologyJob
from backend.worker import topologies
from backend.worker.build import build

pytestmark = pytest.mark.slow

every = pytest.mark.parametrize("key", TOPOLOGIES)


@every
def test_keras_builds_the_topology_and_refuses_the_sequential_attempt(key):
    found = topologies.inspect(TopologyInspectJob(topology=key), Context())
    for graph in (found.graph, found.baseline_graph):
        assert len(graph.boxes) > len({source for source, _ in graph.arrows}) >= 2
        assert not any(box.inputs for box in graph.boxes if box.kind == "InputLayer")
    assert bare(found.graph) == recorded()[key], "python -m benchmarks.recorded_graphs writes it again"
    assert min(found.parameters, found.baseline_parameters) > 0
    assert found.error is not None
    assert found.error.split(":")[0] in ("ValueError", "TypeError")
    assert "\x1b" not in found.error


@every
def test_the_models_predict_the_targets_of_the_problem(key):
    chosen = TOPOLOGIES[key]
    problem = chosen.problem(0, 4)
    for recipe in (chosen.model, chosen.baseline):
        model = build(recipe.text)
        inputs = topologies.inputs_of(model, problem.x)
        predicted = {name: values.numpy() for name, values in model(inputs).items()}
        for name, values in predicted.items():
            assert values.shape == problem.y[name].shape
        assert isinstance(chosen.metric.score(predicted, problem.y), float)


def test_a_valid_sequential_model_gives_no_error():
    assert topologies.error_of("import keras\nmodel = keras.Sequential([keras.layers.Dense(1)])") is None


def test_a_training_has_both_lengths_and_reports_its_progress(monkeypatch):
    chosen = replace(TOPOLOGIES["siamese"], epochs=2, seeds=1)  # both lengths take less time than the short one does
    monkeypatch.setitem(TOPOLOGIES, "siamese", chosen)
    events = []
    scores = topologies.train(TopologyJob(topology="siamese"), Context(send=events.append)).scores
    assert tuple(scores) == chosen.lengths == (2, 8)
    for epochs, both in scores.items():
        seeds = [event for event in events if isinstance(event, SeedEvent) and event.epochs == epochs]
        assert [event.model for event in seeds] == both.model
        assert [event.baseline for event in seeds] == both.baseline
    short, long = scores.values()
    assert sum(long.model) > sum(short.model)
    shares = [event.share for event in events if isinstance(event, Progress)]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert len(shares) == sum(chosen.lengths) * chosen.seeds * 2


def test_a_seed_gives_the_same_result_whatever_was_trained_before():
    chosen = TOPOLOGIES["two_inputs"]
    problem = chosen.problem(0, 512)
    runner = topologies.Runner(chosen.model)
    runner.fit(problem, 0, 2)
    first = runner.predict(problem.x)["level"]
    runner.fit(problem, 1, 2)
    other = runner.predict(problem.x)["level"]
    runner.fit(problem, 0, 2)
    again = runner.predict(problem.x)["level"]
    assert abs(first - other).max() > 1e-3
    assert abs(first - again).max() < 1e-5


def test_a_cancelled_training_stops_after_the_epoch():
    events = []

    def send(event):
        events.append(event)
        if isinstance(event, Progress):
            flag("cancelled-topology")

    with pytest.raises(Cancelled):
        topologies.train(TopologyJob(topology="separate"), Context("cancelled-topology", send))
    assert sum(isinstance(event, Progress) for event in events) == 1


class Heads(keras.layers.Layer):
    """A layer of one's own that returns a list of two outputs."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = keras.layers.Dense(1), keras.layers.Dense(1)

    def call(self, state):
        return [self.one(state), self.two(state)]


def test_sequential_branches_in_a_layer_of_ones_own() -> None:
    """So what lesson 4, topology 1 and the glossary say is about Keras's own layers."""
    x, y = np.ones((32, 2, 1)), [np.ones((32, 1)), np.zeros((32, 1))]
    model = keras.Sequential([keras.Input(shape=(2, 1)), keras.layers.LSTM(5, unroll=True), Heads()])
    model.compile("sgd", loss=["mse", "mae"])
    assert set(model.fit(x, y, verbose=0).history) == {"loss", "mse_loss", "mae_loss"}
    assert len(model.predict(x, verbose=0)) == 2


def test_sequential_branches_in_a_functional_model_inside() -> None:
    """What lesson 4, topology 1 and the glossary say of three heads."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(32, 2, 1))
    y = [rng.normal(size=(32, 1)), rng.integers(2, size=(32, 1)), np.eye(3)[rng.integers(3, size=32)]]
    state = keras.Input(shape=(5,))
    heads = [
        keras.layers.Dense(1)(state),
        keras.layers.Dense(1, activation="sigmoid")(state),
        keras.layers.Dense(3, activation="softmax")(state),
    ]
    branching = [keras.Input(shape=(2, 1)), keras.layers.LSTM(5, unroll=True), keras.Model(state, heads)]
    model = keras.Sequential(branching)
    model.compile("adam", loss=["mse", "binary_crossentropy", "categorical_crossentropy"])
    history = model.fit(x, y, verbose=0).history
    losses = [history[f"{name}_loss"][0] for name in ("mse", "binary_crossentropy", "categorical_crossentropy")]
    assert history["loss"][0] == pytest.approx(sum(losses), rel=1e-3)
    assert [each.shape for each in model.predict(x, verbose=0)] == [(32, 1), (32, 1), (32, 3)]


def test_time_distributed_reads_two_stacked_sequences_with_one_layer() -> None:
    """What lesson 4 and topology 3 say of two sequences of the same length."""
    shared = keras.layers.TimeDistributed(keras.layers.LSTM(4, unroll=True))
    model = keras.Sequential([keras.Input(shape=(2, 3, 1)), shared, keras.layers.Flatten(), keras.layers.Dense(1)])
    alone = keras.layers.LSTM(4)
    alone.build((None, 3, 1))
    assert shared.count_params() == alone.count_params()
    wave = np.random.default_rng(0).normal(size=(8, 3, 1)).astype("float32")
    read = keras.Sequential(model.layers[:1])(np.stack([wave, wave], axis=1)).numpy()
    np.testing.assert_allclose(read[:, 0], read[:, 1], rtol=1e-5)
    model.compile("sgd", "mse")
    assert np.isfinite(model.fit(np.stack([wave, wave], axis=1), np.zeros((8, 1)), verbose=0).history["loss"][0])
