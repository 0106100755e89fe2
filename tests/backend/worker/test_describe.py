"""What Keras says of a model: the text of its summary, its graph, and its counts."""

import re

import pytest

from backend.experiment.architecture import Architecture, Head
from backend.experiment.styles import STYLES
from backend.jobs.messages import Phase
from backend.jobs.runtime import Context
from backend.network.job import InspectJob
from backend.network.layer_graph import LayerBox
from backend.topologies import TOPOLOGIES
from backend.worker.build import build
from backend.worker.describe import SUMMARY_COLUMNS, describe, layer_graph
from tests.backend.worker.trainings import Recorder

pytestmark = pytest.mark.slow

DEEP = Architecture(
    timesteps=8,
    lstm=(4, 3),
    heads=(
        Head.for_task("level", name="a" * 31),
        Head.for_task("waveform", name="kind", hidden=(5,), label="Wind ⟨°⟩"),
    ),
)


def inspected(architecture, style, context=None):
    return describe(InspectJob(architecture=architecture, style=style), context or Context())


@pytest.mark.parametrize("style", STYLES)
def test_the_summary_counts_no_optimizer_slots_and_fits_the_column(style):
    context = Recorder()
    found = inspected(Architecture(), style, context)
    assert "Total params: 4,762" in found.summary
    assert "Optimizer params" not in found.summary
    assert "4,480" in found.summary
    assert max(map(len, found.summary.splitlines())) <= SUMMARY_COLUMNS
    assert context.events == [Phase(phase="building")]
    assert found.parameters == 4762
    graph = found.graph
    match style:
        case "functional":
            assert re.search(r"trend \(Dense\).*dense\[0\]\[0\]", found.summary)
            assert found.layers == {"input_layer": 0, "lstm": 4480, "dense": 264, "level": 9, "trend": 9}
        case "sequential":
            assert found.layers == {"lstm": 4480, "dense": 264, "dense_1": 18}
            assert ([box.name for box in graph.boxes], graph.arrows) == (["lstm", "dense", "dense_1"], ((0, 1), (1, 2)))
        case "subclassing":
            (box,) = graph.boxes
            assert (box.name, box.kind, box.outputs) == ("multi_head", "MultiHead", ("(None, 1)", "(None, 1)"))


@pytest.mark.parametrize("style", ["functional", "subclassing"])
def test_equal_architectures_have_equal_reports_without_labels(style):
    first = inspected(DEEP, style)
    inspected(Architecture(), "functional")
    assert inspected(DEEP, style) == first
    assert "Wind" not in str(first)


def test_the_layer_graph_has_a_box_for_each_layer_and_an_arrow_for_each_call():
    graph = inspected(DEEP, "functional").graph
    names = [box.name for box in graph.boxes]
    assert {(names[a], names[b]) for a, b in graph.arrows} == {
        ("input_layer", "lstm"),
        ("lstm", "lstm_1"),
        ("lstm_1", "dense"),
        ("dense", "a" * 31),
        ("dense", "dense_1"),
        ("dense_1", "kind"),
    }
    boxes = dict(zip(names, graph.boxes, strict=True))
    assert boxes["input_layer"] == LayerBox(name="input_layer", kind="InputLayer", inputs=(), outputs=("(None, 8, 2)",))
    assert boxes["lstm"].inputs == ("(None, 8, 2)",)
    assert boxes["kind"].kind == "Dense"
    assert boxes["kind"].outputs == ("(None, 2)",)


@pytest.mark.parametrize(("topology", "called"), [("siamese", {"lstm": 2}), ("cross_stitch", {}), ("mmoe", {})])
def test_a_layer_that_is_called_twice_is_known_from_its_arrows(topology, called):
    graph = layer_graph(build(TOPOLOGIES[topology].model.text))
    calls = {box.name: graph.calls(i) for i, box in enumerate(graph.boxes)}
    assert {name: count for name, count in calls.items() if count > 1} == called
    tensors = {(graph.boxes[a].name, graph.boxes[b].name): graph.tensors((a, b)) for a, b in graph.arrows}
    assert {arrow for arrow, count in tensors.items() if count > 1} == ({("lstm", "subtract")} if called else set())
