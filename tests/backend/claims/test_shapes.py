"""Claim 4: shapes that `predict` returned, and what Keras did with targets of a wrong form."""

import pytest

from backend.claims.base import verdict
from backend.claims.shapes import CLAIM, Responses
from tests.backend.claims.cases import (
    DEFAULT,
    HIDDEN,
    MIXED,
    NO_DENSE,
    ONE_HEAD,
    SEVERAL_UNITS,
    SIXTEEN,
    measured,
)

PREDICTED = {"sequential": (32, 2), "functional": [(32, 1), (32, 1)]}
RESULTS = {
    ("sequential", "columns"): {"loss": 1.2},
    ("sequential", "one column"): {"loss": 1.5},
    ("functional", "list"): {"loss": 2.4},
    ("functional", "columns"): {"error": "KeyError: no. At all."},
    ("functional", "flat"): {"loss": 2.4},
}


def evidence(predicted=PREDICTED, **one_column):
    given = RESULTS | ({("sequential", "one column"): one_column} if one_column else {})
    rows = [{"style": style, "form": form, **answer} for (style, form), answer in given.items()]
    return Responses(predicted=predicted, targets=rows)


def results(found):
    return {(row["style"], row["given"]): row["result in Keras"] for row in found.table}


def test_true_if_the_shapes_differ_and_both_losses_are_shown():
    found = verdict(CLAIM, DEFAULT, evidence())
    assert found.kind == "true"
    assert CLAIM.proposition(DEFAULT) == "Sequential returns one array of 2 columns, Functional a list of 2 arrays."
    assert found.finding == "`predict` returns (32, 2) in Sequential and [(32, 1), (32, 1)] in Functional."
    assert found.answer == "a list with an array for each head"
    assert "The loss is then 1.5; with the right y it is 1.2" in found.why
    assert [row["Keras"] for row in found.picture.rows] == [
        "✓ trains", "! wrong loss, no error", "✓ trains", "✗ refuses it"
    ]  # fmt: skip
    assert "(batch,)" in found.why
    assert results(found)["Functional", "y: one array of shape (32, 2)"] == "KeyError: no."
    assert results(found)["Functional", "y: a list of 2 arrays of shape (32,)"] == "loss 2.4", (
        "not wrong: nothing to warn of"
    )


def test_false_if_the_shapes_are_equal():
    found = verdict(CLAIM, DEFAULT, evidence({**PREDICTED, "functional": (32, 2)}))
    assert (found.kind, found.answer) == ("false", "one array, as Sequential's does")


def test_a_refused_column_is_reported_as_refused():
    found = verdict(CLAIM, DEFAULT, evidence(error="ValueError: other shape."))
    assert "Keras refuses a y with one column" in found.why
    assert results(found)["Sequential", "y: one array of shape (32, 1)"] == "ValueError: other shape."


@pytest.mark.parametrize("on", [ONE_HEAD, MIXED, HIDDEN])
def test_not_applicable_without_a_fused_model(on):
    assert verdict(CLAIM, on, None).kind == "not applicable"


@pytest.mark.slow
def test_the_thread_s_network():
    found = measured(CLAIM, DEFAULT)
    assert found.predicted == {
        "sequential": (32, 2),
        "functional": [(32, 1), (32, 1)],
        "functional_fused": (32, 2),
        "subclassing": {"level": (32, 1), "trend": (32, 1)},
    }
    rows = {(row.style, row.form): row for row in found.targets}
    right = rows["sequential", "columns"].loss
    assert rows["functional", "list"].loss == pytest.approx(2 * right, rel=1e-5), "summed, not averaged"
    assert rows["functional", "flat"].loss == pytest.approx(2 * right, rel=1e-5)
    assert abs(rows["sequential", "one column"].loss - right) > 0.01
    assert abs(rows["functional", "columns into a head"].loss - 2 * right) > 0.01
    said = results(verdict(CLAIM, DEFAULT, found))
    assert said["Sequential", "y: a list of 2 arrays"] == "ValueError: y_true and y_pred have different structures."
    assert said["Functional", "y: one array of shape (32, 2)"].startswith(
        "KeyError: The path: (0,) in the `loss` argument"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "on", [SEVERAL_UNITS, *(pytest.param(each, marks=pytest.mark.soak) for each in (SIXTEEN, NO_DENSE))]
)
def test_unusual_architectures(on):
    evidence = measured(CLAIM, on)
    assert evidence.predicted["functional"] == [(32, head.units) for head in on.architecture.heads]
    found = verdict(CLAIM, on, evidence)
    assert found.kind == "true"
    forms = {(row.style, row.form): row for row in evidence.targets}
    assert forms["functional", "columns"].error
    if on is SIXTEEN:
        assert "Keras refuses a y with one column" in found.why, "binary crossentropy looks at the shapes"
