"""Layers, shapes and counts with their formulas; `backend/worker/test_build.py` compares them with Keras's own."""

import pytest
from hypothesis import given

from backend.experiment.architecture import Architecture
from backend.experiment.styles import STYLES
from backend.network.parameters import layers, parameters
from tests.builders.strategies import architectures
from tests.builders.styles import able


@pytest.mark.parametrize("style", STYLES.values(), ids=list(STYLES))
def test_the_thread_s_network_has_4762_parameters_in_every_style(style):
    rows = layers(Architecture(), style)
    assert [row.parameters for row in rows if row.head is None][:3] == [0, 4480, 264]
    assert sum(row.parameters for row in rows[3:]) == 18
    assert parameters(Architecture(), style) == 4762


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


@given(architectures())
def test_every_style_that_can_express_an_architecture_has_the_same_number_of_parameters(architecture):
    assert len({parameters(architecture, style) for style in able(architecture)}) == 1
