"""The value that the browser draws: every edge, neuron and note of the arithmetic, and no more bytes than they need."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.experiment.architecture import Architecture, DenseLayer, Head
from backend.experiment.styles import STYLES
from components import theme
from components.diagram.picture import entry, picture
from components.diagram.places import positions
from components.diagram.plan import drawn_of_all, plan_of
from tests.builders.strategies import architectures, experiments
from tests.components.diagram.cases import HOSTILE, crowded, deep, widest

SEQUENTIAL, FUNCTIONAL = STYLES["sequential"], STYLES["functional"]
DEFAULT = Architecture()


def of(architecture, left=SEQUENTIAL, right=FUNCTIONAL):
    return picture(architecture, left, right)


@given(experiments())
def test_blocks_have_as_many_edges_as_are_drawn(experiment):
    found, drawn = picture(experiment.architecture, *experiment.styles()), plan_of(experiment.architecture)
    edges = sum(found.groups[source].count * found.groups[target].count for source, target in found.blocks)
    for style in experiment.styles():
        assert edges == drawn_of_all(drawn, style)[0]
    for source, target in found.blocks:
        assert found.groups[source].column < found.groups[target].column


@given(experiments())
def test_groups_and_columns_count_every_neuron(experiment):
    found = picture(experiment.architecture, *experiment.styles())
    places = positions(experiment.architecture)
    for group in found.groups:
        x, ys, _ = places[group.name]
        assert group.x == pytest.approx(x, abs=1e-4)
        np.testing.assert_allclose(group.y - group.step * np.arange(group.count), ys, atol=2e-3)
    architecture = experiment.architecture
    counts = [int(column.count.replace(",", "")) for column in found.columns]
    trunk = [architecture.features, *architecture.lstm, *(layer.units for layer in architecture.dense)]
    assert counts[: len(trunk)] == trunk
    assert counts[-1] == architecture.output_units


@given(architectures())
def test_neurons_of_a_column_do_not_touch(architecture):
    columns = {}
    for x, ys, _ in positions(architecture).values():
        assert ((ys > 0) & (ys < 1)).all()
        columns.setdefault(round(x, 6), []).extend(ys)
    for ys in columns.values():
        assert len(ys) == 1 or np.diff(sorted(ys)).min() > 0.025
    assert len(columns) == plan_of(architecture).columns


@given(experiments())
def test_each_neuron_that_can_be_highlighted_has_its_finding(experiment):
    found, drawn = picture(experiment.architecture, *experiment.styles()), plan_of(experiment.architecture)
    assert found.focusable == [entry(focus) for focus in drawn.focusable]
    assert len(found.findings) == len(found.focusable) == len(set(found.focusable))
    names = {group.name: group for group in found.groups}
    for neuron in found.focusable:
        group, _, index = neuron.rpartition(":")
        assert int(index) < names[group].count


def test_the_threads_network_needs_few_bytes():
    assert len(json.dumps(of(DEFAULT).model_dump())) < 6_000


def test_labels_name_layers_counts_folded_neurons_and_recurrences():
    found = of(DEFAULT)
    assert [(column.kind, column.count) for column in found.columns] == [
        ("inputs", "2"), ("LSTM", "32"), ("Dense", "8"), ("output units", "2"),
    ]  # fmt: skip
    assert found.columns[0].notes == [("t = 1 … 10", "t ≤ 10")]
    assert found.columns[1].notes == [("… 20 more", "+20"), ("↻ 32 × 32", "↻ 32²")]
    assert [side.layers for side in found.sides] == ["one Dense(2)", "two Dense(1)"]
    assert [side.fused for side in found.sides] == [True, False]
    assert [side.kernel for side in found.sides] == ["kernel (8, 2)", "2 × kernel (8, 1)"]
    assert found.sides[1].alt == f"Functional: neurons, edges and 2 × kernel (8, 1). {found.finding}"
    assert found.legend[1] == "136 of 336 edges are drawn."


def test_what_is_folded_is_said():
    found = of(crowded())
    assert found.more_heads == "… 48 more heads"
    assert found.drawn == "12 × 16 drawn"
    assert [notes[0][0] for notes in (column.notes for column in found.columns[1:-1])] == ["… 244 more"] * 3
    assert of(Architecture(heads=tuple(Head(name=f"h{i}") for i in range(17)))).more_heads == "… 1 more head"
    assert of(DEFAULT).more_heads == of(DEFAULT).drawn == ""


def test_a_neuron_says_what_it_reads():
    groups = {group.name: group for group in of(DEFAULT).groups}
    assert groups["inputs"].about == ["one of 2", "10 timesteps, one after the other"]
    assert groups["lstm"].about[-1] == "and all 32 units at the previous timestep, with four gate weights per edge"
    assert groups["level"].about == ["reads all 8 neurons of the layer before"]
    assert groups["level"].layers == ["dense_1", "level"]
    one = Architecture(timesteps=1, lstm=(1,), dense=(DenseLayer(units=1),), heads=(Head(name="level"),))
    groups = {group.name: group for group in of(one).groups}
    assert groups["inputs"].about[-1] == "one timestep"
    assert groups["lstm"].about[-1] == "and itself at the previous timestep, with four gate weights per edge"
    assert groups["level"].about == ["reads the only neuron of the layer before"]


def test_a_head_labelled_as_a_layer_is_no_layer():
    found = of(Architecture(heads=(Head(name="level", label="LSTM"), Head(name="trend", label="inputs"))))
    assert [group.kind for group in found.groups] == ["inputs", "LSTM", "Dense", "Dense", "Dense"]
    assert not any("gate" in line for group in found.groups[2:] for line in group.about)


@given(st.text(max_size=60) | st.just(HOSTILE))
def test_a_label_is_one_line_of_text(label):
    found = of(deep(label), FUNCTIONAL, FUNCTIONAL)
    for words in (found.heads[0].title, found.groups[-1].title, *(group.title for group in found.groups)):
        assert words
        assert words == " ".join(words.split())
        assert "\u202e" not in words


def test_heads_have_their_hues_and_their_layers():
    found = of(widest(), SEQUENTIAL, FUNCTIONAL)
    assert [head.hue for head in found.heads] == [theme.task_hue(i) for i in range(16)]
    assert {head.layer for head in found.heads} == {"Dense(1)"}
    assert [found.groups[head.output].head for head in found.heads] == list(range(16))
