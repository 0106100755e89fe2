"""Groups of neurons, and the edges between them."""

import numpy as np
import pytest
from hypothesis import given

from backend.experiment.architecture import Architecture, Head
from backend.experiment.styles import STYLES
from backend.network.neurons import edge_weights, edges, head_edges
from backend.network.parameters import layers
from tests.builders.strategies import architectures
from tests.builders.styles import able


@given(architectures())
def test_every_style_has_the_same_edges_though_other_layers_hold_their_weights(architecture):
    drawings = [
        [(block.key, block.kind, block.count, block.head) for block in edges(architecture, style)]
        for style in able(architecture)
    ]
    assert all(drawing == drawings[0] for drawing in drawings)
    into_heads = {head_edges(architecture, style) for style in able(architecture)}
    first_layers = [head.hidden[0] if head.hidden else head.units for head in architecture.heads]
    assert into_heads == {architecture.trunk_units * sum(first_layers)}


@given(architectures())
def test_edges_cover_each_kernel_column_once(architecture):
    """A bias and the edges to the next timestep are no edges: what is left of the parameters are the edges."""
    for style in able(architecture):
        columns = {}
        counts = {}
        for block in edges(architecture, style):
            columns.setdefault(block.layer, []).extend(range(block.start, block.stop))
            counts[block.layer] = counts.get(block.layer, 0) + block.count
        for row in layers(architecture, style)[1:]:
            units = row.output_shape[-1]
            assert columns.pop(row.name) == list(range(units))
            gates, loop = (4, units * units) if row.kind == "LSTM" else (1, 0)
            assert row.parameters == gates * (counts[row.name] + loop + units)
        assert not columns


def test_the_edges_of_a_head_are_its_columns_of_a_fused_kernel():
    architecture = Architecture(features=3, heads=(Head(name="wide", units=3), Head(name="slim")))
    kernel = np.arange(32.0).reshape(8, 4)
    *_, wide, slim = edges(architecture, STYLES["sequential"])
    weights = {"dense_1": [kernel, np.zeros(4)]}
    np.testing.assert_array_equal(edge_weights(wide, weights), kernel[:, :3])
    np.testing.assert_array_equal(edge_weights(slim, weights), kernel[:, 3:])


def test_the_weight_of_an_lstm_edge_is_the_norm_of_its_four_gates():
    (first, *_) = edges(Architecture(lstm=(5,)), STYLES["functional"])
    kernel = np.random.default_rng(0).normal(size=(2, 20))
    strengths = edge_weights(first, {"lstm": [kernel, np.zeros((5, 20)), np.zeros(20)]})
    assert strengths.shape == (2, 5)
    for feature in range(2):
        for unit in range(5):
            gates = [kernel[feature, gate * 5 + unit] for gate in range(4)]
            assert strengths[feature, unit] == pytest.approx(np.sqrt(sum(weight**2 for weight in gates)))
