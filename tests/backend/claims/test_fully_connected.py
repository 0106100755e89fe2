"""Claim 2: counted from outputs that moved, so a missing edge is missed."""

import numpy as np
import pytest

from backend.claims.base import verdict
from backend.claims.fully_connected import CLAIM
from backend.styles import STYLES
from backend.worker.build import build
from backend.worker.evidence.fully_connected import moved
from backend.worker.runtime import Context
from tests.backend.claims.cases import (
    BENT,
    DEFAULT,
    HIDDEN,
    MIXED,
    NO_DENSE,
    ONE_HEAD,
    SEVERAL_UNITS,
    measured,
    printed,
)

ALL = {key: {"mean": 8, "trend": 8} for key in STYLES}


def test_true_when_every_pair_moved():
    found = verdict(CLAIM, DEFAULT, {"neurons": 8, "styles": ALL})
    assert found.kind == "true"
    assert "8 neurons × 2 heads: all 16 reach" in found.finding
    assert "Left out" not in found.why


def test_false_when_one_pair_of_one_style_did_not():
    found = verdict(CLAIM, DEFAULT, {"neurons": 8, "styles": {**ALL, "functional": {"mean": 8, "trend": 7}}})
    assert found.kind == "false"
    assert "15 in Functional" in found.finding


def test_styles_that_cannot_write_the_layout_are_named():
    reached = {"mean": 8, "spike": 8, "waveform": 24}
    found = verdict(CLAIM, MIXED, {"neurons": 8, "styles": {"functional": reached, "subclassing": reached}})
    assert found.kind == "true"
    assert "8 neurons × 5 outputs of 3 heads: all 40 reach" in found.finding
    assert "*Sequential* and *Functional, fused*" in found.why


@pytest.mark.slow
@pytest.mark.parametrize("on", [DEFAULT, ONE_HEAD, SEVERAL_UNITS, MIXED, HIDDEN, NO_DENSE, BENT])
def test_all_pairs_reach_in_real_keras(on):
    evidence = measured(CLAIM, on)
    architecture = on.architecture
    every = {head.name: architecture.trunk_units * head.units for head in architecture.heads}
    able = [key for key, style in STYLES.items() if not style.refusal(architecture)]
    assert evidence["styles"] == dict.fromkeys(able, every)
    assert verdict(CLAIM, on, evidence).kind == "true"


@pytest.mark.slow
def test_a_missing_edge_is_found_missing():
    architecture, style = DEFAULT.architecture, STYLES["functional"]
    model = build(style.write(architecture))

    class Masked(type(model.get_layer("trend"))):
        def call(self, inputs, training=None):
            return super().call(inputs * np.array([1, 1, 0, 1, 1, 1, 1, 1], "float32"))

    model.get_layer("trend").__class__ = Masked
    pairs = moved(model, architecture, style, Context())
    assert pairs["mean"].all()
    assert pairs["trend"].ravel().tolist() == [True, True, False, True, True, True, True, True]


@pytest.mark.slow
@pytest.mark.parametrize(("on", "styles"), [(DEFAULT, 2), (HIDDEN, 1)])
def test_the_code_counts_the_same(on, styles):
    assert [line.split()[-1] for line in printed(CLAIM, on).splitlines()] == ["16"] * styles
