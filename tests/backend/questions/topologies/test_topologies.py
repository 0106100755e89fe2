"""Every topology: its sources parse and name the inputs of its problem, and its problem has the stated shape."""

import ast

import numpy as np
import pytest

from backend.questions.topologies import TOPOLOGIES

every = pytest.mark.parametrize("topology", TOPOLOGIES.values(), ids=TOPOLOGIES)


def _names(source: str) -> set[str]:
    """The names of the layers and inputs in the source."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return {
        keyword.value.value
        for call in calls
        for keyword in call.keywords
        if keyword.arg == "name" and isinstance(keyword.value, ast.Constant)
    }


@every
def test_every_source_parses_and_names_inputs_of_the_problem(topology):
    problem = topology.problem(0, 8)
    for recipe in (topology.model, topology.baseline):
        assert _names(recipe.text) >= set(problem.x)
    ast.parse(topology.attempt)
    assert "Sequential" in topology.attempt
    assert topology.model.source != topology.baseline.source


@every
def test_the_seed_decides_the_problem(topology):
    one, same, other = topology.problem(3, 40), topology.problem(3, 40), topology.problem(4, 40)
    for arrays, again, different in ((one.x, same.x, other.x), (one.y, same.y, other.y)):
        for name, values in arrays.items():
            assert values.dtype == np.float32
            assert values.shape[0] == 40
            assert np.isfinite(values).all()
            np.testing.assert_array_equal(values, again[name])
            assert not np.array_equal(values, different[name])
    assert all(values.ndim == 2 for values in one.y.values())


@every
def test_relatedness_changes_only_the_problems_that_have_it(topology):
    near, far = topology.problem(0, 64, 1.0), topology.problem(0, 64, 0.0)
    same = all(np.array_equal(near.y[name], far.y[name]) for name in near.y)
    assert same != topology.has_relatedness


@every
def test_perfect_predictions_score_higher_than_shuffled_ones(topology):
    problem = topology.problem(0, 200)
    order = np.random.default_rng(0).permutation(200)
    perfect = topology.metric.score(problem.y, problem.y)
    assert perfect > topology.metric.score({name: values[order] for name, values in problem.y.items()}, problem.y)
