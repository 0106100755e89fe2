"""Shapes, counts with their formulas, and edges; the slow part holds them against Keras's own."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.experiment.architecture import Architecture, DenseLayer, Head
from backend.experiment.styles import STYLES
from backend.network.layers import (
    VISIBLE,
    dense_parameters,
    edge_weights,
    edges,
    groups,
    head_edges,
    layers,
    lstm_parameters,
    parameters,
    recurrences,
    visible,
)
from tests.strategies import architectures

WIDE = Architecture(
    timesteps=12,
    features=3,
    lstm=(6, 5),
    dense=(DenseLayer(units=4, activation="gelu"), DenseLayer(units=7)),
    heads=(Head.for_task("mean", units=2, hidden=(3, 2)), Head.for_task("waveform", name="kind", units=5, hidden=(6,))),
)


def able(architecture):
    return [style for style in STYLES.values() if not style.unsupported_reason(architecture)]


def table(architecture, key):
    return [
        (row.name, row.kind, row.output_shape, row.parameters, row.head) for row in layers(architecture, STYLES[key])
    ]


# The thread's numbers


@pytest.mark.parametrize("style", STYLES.values(), ids=list(STYLES))
def test_the_thread_s_network_has_4762_parameters_in_every_style(style):
    rows = layers(Architecture(), style)
    assert [row.parameters for row in rows if row.head is None][:3] == [0, 4480, 264]
    assert sum(row.parameters for row in rows[3:]) == 18
    assert parameters(Architecture(), style) == 4762
    assert rows[1].formula == "4 × 32 × (2 + 32 + 1) = 4,480"
    assert rows[2].formula == "8 × (32 + 1) = 264"


def test_the_thread_s_heads_are_one_layer_or_two():
    assert table(Architecture(), "sequential")[3:] == [("dense_1", "Dense", (2,), 18, None)]
    assert table(Architecture(), "functional")[3:] == [
        ("mean", "Dense", (1,), 9, "mean"),
        ("trend", "Dense", (1,), 9, "trend"),
    ]
    assert layers(Architecture(), STYLES["sequential"])[-1].formula == "2 × (8 + 1) = 18"


@pytest.mark.parametrize("style", STYLES.values(), ids=list(STYLES))
def test_the_thread_s_8_neurons_reach_both_heads_by_16_edges_in_every_style(style):
    assert head_edges(Architecture(), style) == 16
    blocks = [block for block in edges(Architecture(), style) if block.source == "dense"]
    assert [(block.key, block.count) for block in blocks] == [("dense→mean", 8), ("dense→trend", 8)]
    fused = style.outputs == "fused"
    assert [(block.layer, block.start, block.stop) for block in blocks] == (
        [("dense_1", 0, 1), ("dense_1", 1, 2)] if fused else [("mean", 0, 1), ("trend", 0, 1)]
    )


def test_deep_heads_and_stacks_in_order_of_construction():
    assert table(WIDE, "functional") == [
        ("input_layer", "Input", (12, 3), 0, None),
        ("lstm", "LSTM", (12, 6), 4 * 6 * (3 + 6 + 1), None),
        ("lstm_1", "LSTM", (5,), 4 * 5 * (6 + 5 + 1), None),
        ("dense", "Dense", (4,), 4 * 6, None),
        ("dense_1", "Dense", (7,), 7 * 5, None),
        ("dense_2", "Dense", (3,), 3 * 8, "mean"),
        ("dense_3", "Dense", (2,), 2 * 4, "mean"),
        ("mean", "Dense", (2,), 2 * 3, "mean"),
        ("dense_4", "Dense", (6,), 6 * 8, "kind"),
        ("kind", "Dense", (5,), 5 * 7, "kind"),
    ]
    activations = [row.activation for row in layers(WIDE, STYLES["functional"])]
    assert activations == ["linear", "tanh", "tanh", "gelu", "linear", "relu", "relu", "linear", "relu", "softmax"]
    assert [(group.name, group.units, group.depth, group.head) for group in groups(WIDE)] == [
        ("inputs", 3, 0, None),
        ("lstm", 6, 1, None),
        ("lstm_1", 5, 2, None),
        ("dense", 4, 3, None),
        ("dense_1", 7, 4, None),
        ("mean hidden 1", 3, 5, "mean"),
        ("mean hidden 2", 2, 6, "mean"),
        ("mean", 2, 7, "mean"),
        ("kind hidden 1", 6, 5, "kind"),
        ("kind", 5, 7, "kind"),
    ]


# Any architecture


def evaluate(formula):
    """What the left side of a formula comes to, and the right side."""
    left, right = formula.replace("×", "*").replace(",", "").split("=")
    return eval(left, {"__builtins__": {}}), int(right)


@given(architectures())
def test_formulas_come_to_the_counts(architecture):
    for style in able(architecture):
        rows = layers(architecture, style)
        assert (rows[0].formula, rows[0].parameters) == ("", 0)
        for row in rows[1:]:
            assert evaluate(row.formula) == (row.parameters, row.parameters)
        assert parameters(architecture, style) == sum(row.parameters for row in rows)


@given(st.integers(1, 256), st.integers(1, 256))
def test_parameters_of_a_layer(inputs, units):
    assert dense_parameters(inputs, units)[0] == inputs * units + units
    assert lstm_parameters(inputs, units)[0] == 4 * (inputs * units + units * units + units)


@given(architectures())
def test_every_style_that_can_write_it_has_as_many_parameters(architecture):
    assert len({parameters(architecture, style) for style in able(architecture)}) == 1


@given(architectures())
def test_every_style_has_the_same_edges_and_only_another_layer_carries_them(architecture):
    drawings = [
        [(block.key, block.kind, block.count, block.head) for block in edges(architecture, style)]
        for style in able(architecture)
    ]
    assert all(drawing == drawings[0] for drawing in drawings)
    into_heads = {head_edges(architecture, style) for style in able(architecture)}
    first_layers = [head.hidden[0] if head.hidden else head.units for head in architecture.heads]
    assert into_heads == {architecture.trunk_units * sum(first_layers)}


@given(architectures())
def test_edges_cover_each_kernel_once(architecture):
    """A bias has no edge and a recurrence is counted apart: what is left of the parameters are the edges."""
    loops = {loop.group: loop.count for loop in recurrences(architecture)}
    for style in able(architecture):
        columns = {}
        counts = {}
        for block in edges(architecture, style):
            columns.setdefault(block.layer, []).extend(range(block.start, block.stop))
            counts[block.layer] = counts.get(block.layer, 0) + block.count
        for row in layers(architecture, style)[1:]:
            units = row.output_shape[-1]
            assert columns.pop(row.name) == list(range(units))
            gates, loop = (4, loops[row.name]) if row.kind == "LSTM" else (1, 0)
            assert row.parameters == gates * (counts[row.name] + loop + units)
        assert not columns


@given(architectures())
def test_edges_join_groups_from_left_to_right(architecture):
    columns = groups(architecture)
    by_name = {group.name: group for group in columns}
    assert len(by_name) == len(columns)
    outputs = max(group.depth for group in columns)
    for head in architecture.heads:
        assert by_name[head.name].depth == outputs
        assert by_name[head.name].title == head.title
    for style in able(architecture):
        blocks = edges(architecture, style)
        assert len({block.key for block in blocks}) == len(blocks)
        assert {block.target for block in blocks} == set(by_name) - {"inputs"}
        for block in blocks:
            source, target = by_name[block.source], by_name[block.target]
            assert source.depth < target.depth
            assert block.count == source.units * target.units
            assert source.head in (None, block.head)
            assert target.head == block.head
    assert [(loop.group, loop.count) for loop in recurrences(architecture)] == [
        (group.name, group.units**2) for group in columns if group.title == "LSTM" and group.head is None
    ]


@given(st.integers(1, 10_000))
def test_what_is_drawn_and_what_folds_is_everything(units):
    assert visible(units) == (units if units <= VISIBLE else VISIBLE)


def test_a_fused_kernel_gives_each_head_its_columns():
    architecture = Architecture(features=3, heads=(Head(name="wide", units=3), Head(name="slim")))
    kernel = np.arange(32.0).reshape(8, 4)
    *_, wide, slim = edges(architecture, STYLES["sequential"])
    weights = {"dense_1": [kernel, np.zeros(4)]}
    np.testing.assert_array_equal(edge_weights(wide, weights), kernel[:, :3])
    np.testing.assert_array_equal(edge_weights(slim, weights), kernel[:, 3:])


def test_an_lstm_edge_is_as_strong_as_its_four_gates_together():
    (first, *_) = edges(Architecture(lstm=(5,)), STYLES["functional"])
    kernel = np.random.default_rng(0).normal(size=(2, 20))
    strengths = edge_weights(first, {"lstm": [kernel, np.zeros((5, 20)), np.zeros(20)]})
    assert strengths.shape == (2, 5)
    for feature in range(2):
        for unit in range(5):
            gates = [kernel[feature, gate * 5 + unit] for gate in range(4)]
            assert strengths[feature, unit] == pytest.approx(np.sqrt(sum(weight**2 for weight in gates)))


# Keras


@pytest.mark.slow
@settings(max_examples=8)
@given(architectures(small=True))
def test_keras_counts_the_same_layers_and_shapes(architecture):
    from backend.jobs.runtime import Context
    from backend.worker.describe import describe

    for style in able(architecture):
        payload = {"architecture": architecture.model_dump(mode="json"), "style": style.key}
        told = describe(payload, Context())
        rows = [row for row in layers(architecture, style) if row.kind != "Input"]
        counted = {name: count for name, count in told["layers"].items() if not name.startswith("input_layer")}
        assert counted == {row.name: row.parameters for row in rows}
        assert told["parameters"] == parameters(architecture, style)
        if style.outputs != "dict":  # a subclass draws as one box
            for row in rows:
                assert str((None, *row.output_shape)) in label_of(told["dot"], row.name)


def label_of(dot, name):
    """What the graph's node of the layer `name` says."""
    (line,) = [line for line in dot.splitlines() if f"<b>{name}</b>" in line]
    return line
