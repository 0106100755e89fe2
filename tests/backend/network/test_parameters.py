"""Layers, shapes and counts with their formulas; `backend/worker/test_build.py` compares them with Keras's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.experiment.architecture import Architecture
from backend.experiment.styles import STYLES
from backend.network.parameters import dense_parameters, layers, lstm_parameters, parameters
from tests.backend.network.cases import WIDE, able
from tests.builders.strategies import architectures


def table(architecture, key):
    return [
        (row.name, row.kind, row.output_shape, row.parameters, row.head) for row in layers(architecture, STYLES[key])
    ]


@pytest.mark.parametrize("style", STYLES.values(), ids=list(STYLES))
def test_the_thread_s_network_has_4762_parameters_in_every_style(style):
    rows = layers(Architecture(), style)
    assert [row.parameters for row in rows if row.head is None][:3] == [0, 4480, 264]
    assert sum(row.parameters for row in rows[3:]) == 18
    assert parameters(Architecture(), style) == 4762
    assert rows[1].formula == "4 × 32 × (2 + 32 + 1) = 4,480"
    assert rows[2].formula == "8 × (32 + 1) = 264"


def test_the_thread_s_heads_are_one_layer_if_fused_and_else_two():
    assert table(Architecture(), "sequential")[3:] == [("dense_1", "Dense", (2,), 18, None)]
    assert table(Architecture(), "functional")[3:] == [
        ("level", "Dense", (1,), 9, "level"),
        ("trend", "Dense", (1,), 9, "trend"),
    ]
    assert layers(Architecture(), STYLES["sequential"])[-1].formula == "2 × (8 + 1) = 18"


def test_layers_come_in_order_of_construction():
    assert table(WIDE, "functional") == [
        ("input_layer", "Input", (12, 3), 0, None),
        ("lstm", "LSTM", (12, 6), 4 * 6 * (3 + 6 + 1), None),
        ("lstm_1", "LSTM", (5,), 4 * 5 * (6 + 5 + 1), None),
        ("dense", "Dense", (4,), 4 * 6, None),
        ("dense_1", "Dense", (7,), 7 * 5, None),
        ("dense_2", "Dense", (3,), 3 * 8, "level"),
        ("dense_3", "Dense", (2,), 2 * 4, "level"),
        ("level", "Dense", (2,), 2 * 3, "level"),
        ("dense_4", "Dense", (6,), 6 * 8, "kind"),
        ("kind", "Dense", (5,), 5 * 7, "kind"),
    ]
    activations = [row.activation for row in layers(WIDE, STYLES["functional"])]
    assert activations == ["linear", "tanh", "tanh", "gelu", "linear", "relu", "relu", "linear", "relu", "softmax"]


def evaluate(formula):
    """What the left side of a formula comes to, and the right side."""
    left, right = formula.replace("×", "*").replace(",", "").split("=")
    return eval(left, {"__builtins__": {}}), int(right)


@given(architectures())
def test_each_formula_evaluates_to_its_count(architecture):
    for style in able(architecture):
        rows = layers(architecture, style)
        assert (rows[0].formula, rows[0].parameters) == ("", 0)
        for row in rows[1:]:
            assert evaluate(row.formula) == (row.parameters, row.parameters)
        assert parameters(architecture, style) == sum(row.parameters for row in rows)


@given(st.integers(1, 256), st.integers(1, 256))
def test_a_layer_has_its_kernels_and_biases_as_parameters(inputs, units):
    assert dense_parameters(inputs, units)[0] == inputs * units + units
    assert lstm_parameters(inputs, units)[0] == 4 * (inputs * units + units * units + units)


@given(architectures())
def test_every_style_that_can_express_an_architecture_has_the_same_number_of_parameters(architecture):
    assert len({parameters(architecture, style) for style in able(architecture)}) == 1
