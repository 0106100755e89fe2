"""What Keras says of a model: the text of its summary, its graph, and its counts."""

import re

import pytest

from backend.experiment.architecture import Architecture, Head
from backend.experiment.styles import STYLES
from backend.jobs.messages import Phase
from backend.jobs.runtime import Context
from backend.network.job import InspectJob
from backend.worker.describe import SUMMARY_COLUMNS, describe

pytestmark = pytest.mark.slow

DEEP = Architecture(
    timesteps=8,
    lstm=(4, 3),
    heads=(Head.for_task("mean", name="a" * 31), Head.for_task("waveform", name="kind", hidden=(5,), label="Wind ⟨°⟩")),
)


class Recorder(Context):
    def __init__(self):
        super().__init__()
        self.events = []

    def report(self, event):
        self.events.append(event)


def inspected(architecture, style, context=None):
    return describe(InspectJob(architecture=architecture, style=style), context or Context())


@pytest.mark.parametrize("style", STYLES)
def test_the_summary_counts_no_optimizer_slots_and_fits_the_column(style):
    context = Recorder()
    summary = inspected(Architecture(), style, context).summary
    assert "Total params: 4,762" in summary
    assert "Optimizer params" not in summary
    assert "4,480" in summary
    assert max(map(len, summary.splitlines())) <= SUMMARY_COLUMNS
    assert context.events == [Phase(phase="building")]


def test_a_functional_summary_shows_connections():
    summary = inspected(Architecture(), "functional").summary
    assert "Connected to" in summary
    assert re.search(r"trend \(Dense\).*dense\[0\]\[0\]", summary)


def test_parameters_are_counted_by_layer_and_in_all():
    assert inspected(Architecture(), "sequential").layers == {"lstm": 4480, "dense": 264, "dense_1": 18}
    described = inspected(Architecture(), "functional")
    assert described.parameters == 4762
    assert described.layers == {"input_layer": 0, "lstm": 4480, "dense": 264, "mean": 9, "trend": 9}


@pytest.mark.parametrize("style", ["functional", "subclassing"])
def test_equal_architectures_have_equal_reports_without_labels(style):
    first = inspected(DEEP, style)
    inspected(Architecture(), "functional")
    assert inspected(DEEP, style) == first
    assert "Wind" not in str(first)


def test_the_layer_graph_has_short_names_and_an_arrow_for_each_call():
    dot = inspected(DEEP, "functional").dot
    assert not re.search(r"\d{9,}", dot)
    nodes = re.findall(r"^(n\d+) \[label=.*?<b>(\w+)</b>", dot, re.MULTILINE)
    named = dict(nodes)
    assert sorted(named) == sorted(f"n{i}" for i in range(1, 8))
    arrows = re.findall(r"^(n\d+) -> (n\d+) (.*);", dot, re.MULTILINE)
    assert {(named[a], named[b]) for a, b, _ in arrows} == {
        ("input_layer", "lstm"),
        ("lstm", "lstm_1"),
        ("lstm_1", "dense"),
        ("dense", "a" * 31),
        ("dense", "dense_1"),
        ("dense_1", "kind"),
    }
    assert all('color="#7c8798"' in attributes for _, _, attributes in arrows)


def test_a_sequential_layer_graph_has_no_input_layer():
    dot = inspected(Architecture(), "sequential").dot
    assert re.findall(r"<b>(\w+)</b> \(", dot) == ["lstm", "dense", "dense_1"]
    assert len(re.findall(r" -> ", dot)) == 2
