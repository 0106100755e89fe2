"""Real Keras builds, refuses and trains the topologies."""

from dataclasses import replace

import pytest

from backend.jobs.runtime import Context
from backend.questions.topologies import TOPOLOGIES
from backend.questions.topologies.graphs import bare, recorded
from backend.questions.topologies.job import SeedEvent, TopologyInspectJob, TopologyJob
from backend.worker import topologies

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
    assert found.error.split(":")[0] in ("ValueError", "TypeError")


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
