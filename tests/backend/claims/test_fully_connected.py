"""Claim 2: counted from outputs that moved, so a missing edge is missed."""

import pytest

from backend.claims.base import verdict
from backend.claims.fully_connected import CLAIM, Reached
from backend.experiment.styles import STYLES
from tests.backend.claims.cases import (
    BENT,
    DEFAULT,
    HIDDEN,
    MIXED,
    NO_DENSE,
    ONE_HEAD,
    SEVERAL_UNITS,
    measured,
    measured_from,
)

ALL = {key: {"mean": 8, "trend": 8} for key in STYLES}


def test_true_when_every_pair_moved():
    found = verdict(CLAIM, DEFAULT, Reached(reached=ALL))
    assert found.kind == "true"
    assert "8 neurons × 2 heads: all 16 reach" in found.finding
    assert "Left out" not in found.why


def test_false_when_one_pair_of_one_style_did_not():
    found = verdict(CLAIM, DEFAULT, Reached(reached={**ALL, "functional": {"mean": 8, "trend": 7}}))
    assert found.kind == "false"
    assert "15 in Functional" in found.finding


def test_styles_that_cannot_write_the_layout_are_named():
    reached = {"mean": 8, "spike": 8, "waveform": 24}
    found = verdict(CLAIM, MIXED, Reached(reached={"functional": reached, "subclassing": reached}))
    assert found.kind == "true"
    assert "8 neurons × 5 outputs of 3 heads: all 40 reach" in found.finding
    assert "*Sequential* and *Functional, fused*" in found.why


@pytest.mark.slow
@pytest.mark.parametrize("on", [DEFAULT, ONE_HEAD, SEVERAL_UNITS, MIXED, HIDDEN, NO_DENSE, BENT])
def test_all_pairs_reach_in_real_keras(on):
    evidence = measured(CLAIM, on)
    architecture = on.architecture
    every = {head.name: architecture.trunk_units * head.units for head in architecture.heads}
    able = [key for key, style in STYLES.items() if not style.unsupported_reason(architecture)]
    assert evidence.reached == dict.fromkeys(able, every)
    assert verdict(CLAIM, on, evidence).kind == "true"


@pytest.mark.slow
def test_a_missing_edge_is_found_missing():
    masked = """
class Masked(layers.Dense):
    def call(self, inputs, training=None):
        return super().call(inputs * np.array([1, 1, 0, 1, 1, 1, 1, 1], "float32"))

models["functional"].get_layer("trend").__class__ = Masked
"""
    source = CLAIM.code(DEFAULT)
    start = source.index("reached = {}")
    reached = measured_from(CLAIM, source[:start] + masked + source[start:]).reached
    assert reached == {**ALL, "functional": {"mean": 8, "trend": 7}}
