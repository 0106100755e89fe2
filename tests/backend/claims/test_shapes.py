"""Claim 4: shapes that `predict` returned, and what Keras made of targets in a wrong form."""

import pytest

from backend.claims.base import verdict
from backend.claims.shapes import CLAIM
from tests.backend.claims.cases import (
    DEFAULT,
    HIDDEN,
    MIXED,
    NO_DENSE,
    ONE_HEAD,
    SEVERAL_UNITS,
    SIXTEEN,
    measured,
    printed,
)

EVIDENCE = {
    "sequences": 32,
    "predict": {"sequential": [32, 2], "functional": [[32, 1], [32, 1]]},
    "targets": [
        {"style": "sequential", "form": "columns", "loss": 1.2},
        {"style": "sequential", "form": "one column", "loss": 1.5},
        {"style": "functional", "form": "list", "loss": 2.4},
        {"style": "functional", "form": "columns", "error": "KeyError: no."},
        {"style": "functional", "form": "flat", "loss": 2.4},
    ],
}


def changed(*rows, **predict):
    replaced = {(row["style"], row["form"]) for row in rows}
    kept = [row for row in EVIDENCE["targets"] if (row["style"], row["form"]) not in replaced]
    return {**EVIDENCE, "predict": {**EVIDENCE["predict"], **predict}, "targets": [*kept, *rows]}


def answers(found):
    return {(row["style"], row["given"]): row["Keras answers"] for row in found.table}


def test_true_where_the_shapes_differ_and_the_wrong_loss_stands_beside_the_right_one():
    found = verdict(CLAIM, DEFAULT, EVIDENCE)
    assert found.kind == "true"
    assert "[(32, 1), (32, 1)]" in found.finding
    assert "(32, 2)" in found.finding
    assert "loss 1.500, not 1.200" in found.finding
    assert "(batch,)" in found.why
    assert answers(found)["Functional", "y: one array (32, 2)"] == "KeyError: no."
    assert answers(found)["Functional", "y: a list of 2 arrays (32,)"] == "loss 2.400", "not wrong: nothing to warn of"


def test_false_where_the_shapes_are_the_same():
    assert verdict(CLAIM, DEFAULT, changed(functional=[32, 2])).kind == "false"


def test_a_refused_column_is_told_as_refused():
    refused = {"style": "sequential", "form": "one column", "error": "ValueError: other shape."}
    found = verdict(CLAIM, DEFAULT, changed(refused))
    assert "is refused" in found.finding
    assert answers(found)["Sequential", "y: (32, 1)"] == "ValueError: other shape."


def test_one_head_has_nothing_to_compare():
    assert verdict(CLAIM, ONE_HEAD, {}).kind == "does not apply"


@pytest.mark.slow
def test_the_thread_s_network():
    evidence = measured(CLAIM, DEFAULT)
    assert evidence["predict"] == {
        "sequential": [32, 2],
        "functional": [[32, 1], [32, 1]],
        "functional_fused": [32, 2],
        "subclassing": {"mean": [32, 1], "trend": [32, 1]},
    }
    rows = {(row["style"], row["form"]): row for row in evidence["targets"]}
    right = rows["sequential", "columns"]["loss"]
    assert rows["functional", "list"]["loss"] == pytest.approx(2 * right, rel=1e-5), "summed, not averaged"
    assert rows["functional", "flat"]["loss"] == pytest.approx(2 * right, rel=1e-5)
    assert abs(rows["sequential", "one column"]["loss"] - right) > 0.01
    assert abs(rows["functional", "columns into a head"]["loss"] - 2 * right) > 0.01
    assert rows["sequential", "list"]["error"] == "ValueError: y_true and y_pred have different structures."
    assert rows["functional", "columns"]["error"].startswith("KeyError: The path: (0,) in the `loss` argument")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("on", "kind"),
    [
        (SEVERAL_UNITS, "true"),
        (SIXTEEN, "true"),
        (NO_DENSE, "true"),
        (MIXED, "does not apply"),
        (HIDDEN, "does not apply"),
    ],
)
def test_unusual_architectures(on, kind):
    evidence = measured(CLAIM, on)
    assert evidence["predict"]["functional"] == [[32, head.units] for head in on.architecture.heads]
    found = verdict(CLAIM, on, evidence)
    assert found.kind == kind
    forms = {(row["style"], row["form"]): row for row in evidence["targets"]}
    assert "error" in forms["functional", "columns"]
    if on is SIXTEEN:
        assert "is refused" in found.finding, "binary crossentropy looks at the shapes"


@pytest.mark.slow
@pytest.mark.parametrize("on", [DEFAULT, SEVERAL_UNITS])
def test_the_code_prints_shapes_and_answers(on):
    lines = printed(CLAIM, on).splitlines()
    heads = on.architecture.heads
    assert lines[:2] == [str((32, on.architecture.output_units)), str([(32, head.units) for head in heads])]
    assert sum("Error" in line for line in lines) == 2
    assert len(lines) == 2 + 6
