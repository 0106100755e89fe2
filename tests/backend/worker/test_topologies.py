"""Real Keras builds, refuses and trains the topologies."""

from dataclasses import replace

import pytest

from backend.jobs.messages import Progress
from backend.jobs.runtime import Context
from backend.questions.topologies import TOPOLOGIES
from backend.questions.topologies.graphs import bare, recorded
from backend.questions.topologies.job import SeedEvent, TopologyInspectJob, TopologyJob
from backend.worker import topologies
from backend.worker.question import question

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
    chosen = replace(TOPOLOGIES["siamese"], epochs=2, seeds=5)  # both lengths take less time than the short one does
    monkeypatch.setitem(TOPOLOGIES, "siamese", chosen)
    events = []
    scores = question(TopologyJob(question="siamese"), Context(send=events.append)).scores
    assert tuple(scores) == chosen.lengths == (2, 8)
    seeds = [event for event in events if isinstance(event, SeedEvent)]
    for name in ("model", "baseline"):
        assert [getattr(event, name) for event in seeds] == [
            each for both in scores.values() for each in getattr(both, name)
        ]
    assert [event.share for event in events if isinstance(event, Progress)][-1] == pytest.approx(1)
    short, long = scores.values()
    assert sum(long.model) > sum(short.model)
