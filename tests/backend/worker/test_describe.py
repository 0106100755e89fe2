"""What Keras says of a model: the text of its summary, its graph, and its counts."""

import re

import pytest

from backend.experiment.architecture import Architecture, Head
from backend.experiment.styles import STYLES
from backend.jobs.runtime import Context
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


def told(architecture, style, context=None):
    payload = {"architecture": architecture.model_dump(mode="json"), "style": style}
    return describe(payload, context or Context())


@pytest.mark.parametrize("style", STYLES)
def test_the_summary_is_that_of_a_model_that_was_never_trained(style):
    context = Recorder()
    summary = told(Architecture(), style, context)["summary"]
    assert "Total params: 4,762" in summary
    assert "Optimizer params" not in summary
    assert "4,480" in summary
    assert max(map(len, summary.splitlines())) <= SUMMARY_COLUMNS
    assert context.events == [{"event": "phase", "phase": "building"}]


def test_a_functional_summary_says_what_each_layer_is_connected_to():
    summary = told(Architecture(), "functional")["summary"]
    assert "Connected to" in summary
    assert re.search(r"trend \(Dense\).*dense\[0\]\[0\]", summary)


def test_counts_are_those_of_the_layers():
    assert told(Architecture(), "sequential")["layers"] == {"lstm": 4480, "dense": 264, "dense_1": 18}
    described = told(Architecture(), "functional")
    assert described["parameters"] == 4762
    assert described["layers"] == {"input_layer": 0, "lstm": 4480, "dense": 264, "mean": 9, "trend": 9}


@pytest.mark.parametrize("style", ["functional", "subclassing"])
def test_the_same_architecture_is_told_in_the_same_words(style):
    first = told(DEEP, style)
    told(Architecture(), "functional")
    assert told(DEEP, style) == first
    assert "Wind" not in str(first)


def test_the_graph_has_short_names_and_an_arrow_for_each_call():
    dot = told(DEEP, "functional")["dot"]
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


def test_a_sequential_graph_has_no_input_layer():
    dot = told(Architecture(), "sequential")["dot"]
    assert re.findall(r"<b>(\w+)</b> \(", dot) == ["lstm", "dense", "dense_1"]
    assert len(re.findall(r" -> ", dot)) == 2
