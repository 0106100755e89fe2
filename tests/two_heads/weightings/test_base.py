"""The text of a method: complete, without types, and the same function when it is run."""

import ast
import builtins

import numpy as np
import pytest

from tests.two_heads.weightings.gramians import THREE
from two_heads.function_text import source_of
from two_heads.weightings import AGGREGATORS, SCALARIZERS, ops
from two_heads.weightings.base import Method

METHODS = [*AGGREGATORS.values(), *SCALARIZERS.values()]
methods = pytest.mark.parametrize("method", METHODS, ids=[f"{type(each).__name__} {each.key}" for each in METHODS])


@methods
def test_the_text_defines_all_that_it_names_but_ops(method: Method):
    tree = ast.parse(source_of(method.functions()))
    defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    defined |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    defined |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
    used = {node.id for node in names if isinstance(node.ctx, ast.Load)}
    assert used - defined - set(dir(builtins)) <= {"ops"}


@pytest.mark.parametrize("key", AGGREGATORS)
def test_an_aggregator_runs_as_text(key: str):
    gramian = THREE @ THREE.T
    again = AGGREGATORS[key].on(ops)
    assert again.function is not AGGREGATORS[key].function
    np.testing.assert_array_equal(again.weights(gramian), AGGREGATORS[key].weights(gramian))


@pytest.mark.parametrize("key", SCALARIZERS)
def test_a_scalarizer_runs_as_text(key: str):
    method, losses = SCALARIZERS[key], np.array([1.0, 2, 4])
    again = method.on(ops)
    np.testing.assert_array_equal(again.weights(losses, again.initial(3)), method.weights(losses, method.initial(3)))
    for moment in ("before_step", "gradients", "after_step", "after_epoch"):
        assert (getattr(again, moment) is None) == (getattr(method, moment) is None)
