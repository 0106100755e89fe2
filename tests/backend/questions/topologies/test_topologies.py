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
    x, _ = topology.draw(0, 8, 0.8)
    for recipe in (topology.model, topology.baseline):
        assert _names(recipe.text) >= set(x)
    ast.parse(topology.attempt)
    assert "Sequential" in topology.attempt
    assert topology.model.text != topology.baseline.text


@every
def test_the_seed_decides_the_problem(topology):
    one, same, other = (topology.draw(seed, 40, 0.8) for seed in (3, 3, 4))
    for arrays, again, different in zip(one, same, other, strict=True):
        for name, values in arrays.items():
            assert values.dtype == np.float32
            assert values.shape[0] == 40
            assert np.isfinite(values).all()
            np.testing.assert_array_equal(values, again[name])
            assert not np.array_equal(values, different[name])
    assert all(values.ndim == 2 for values in one[1].values())


@every
def test_relatedness_changes_only_the_problems_that_have_it(topology):
    (_, near), (_, far) = topology.draw(0, 64, 1.0), topology.draw(0, 64, 0.0)
    same = all(np.array_equal(near[name], far[name]) for name in near)
    assert same != topology.has_relatedness


@every
def test_perfect_predictions_score_higher_than_shuffled_ones(topology):
    _, y = topology.draw(0, 200, 0.8)
    order = np.random.default_rng(0).permutation(200)
    assert topology.score(y, y) > topology.score({name: values[order] for name, values in y.items()}, y)
