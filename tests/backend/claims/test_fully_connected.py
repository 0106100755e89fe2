"""Claim 2: counted from units that changed, so a missing connection is found."""

import pytest

from backend.claims.base import verdict
from backend.claims.fully_connected import CLAIM, Connections
from backend.experiment.styles import STYLES
from tests.backend.claims.cases import (
    BENT,
    DEFAULT,
    HIDDEN,
    MIXED,
    NO_DENSE,
    ONE_HEAD,
    SEVERAL_UNITS,
    SMALL,
    measured,
    measured_from,
)

ALL = {key: {"level": 8, "trend": 8} for key in STYLES}


def test_true_if_every_pair_is_connected():
    found = verdict(CLAIM, DEFAULT, Connections(connected=ALL))
    assert found.kind == "true"
    assert "8 neurons × 2 heads: all 16 pairs are connected in every style" in found.finding
    assert "Not tested" not in found.why
    assert found.answer == "every style"
    assert [side.title for side in found.picture.sides] == ["Sequential: 16", "Functional: 16"]
    assert [len(side.layers) for side in found.picture.sides] == [1, 2]


def test_the_proposition_has_the_visitors_numbers():
    assert CLAIM.proposition(DEFAULT) == "In Sequential, too, all 8 neurons feed both output units."
    assert CLAIM.proposition(ONE_HEAD) == "In Sequential, too, all 8 neurons feed the one output unit."
    assert CLAIM.proposition(MIXED) == (
        "In every style that can write this network, all 8 neurons feed all 5 output units."
    )


def test_false_if_one_pair_of_one_style_is_not_connected():
    found = verdict(CLAIM, DEFAULT, Connections(connected={**ALL, "functional": {"level": 8, "trend": 7}}))
    assert found.kind == "false"
    assert "15 in Functional" in found.finding
    assert found.answer is None, "Subclassing connects all"
    assert [row["connected pairs"] for row in found.picture.rows] == [
        "✓ 16 of 16", "✗ 15 of 16", "✓ 16 of 16", "✓ 16 of 16"
    ]  # fmt: skip
    fused = {key: {"level": 8, "trend": 0} for key in ("sequential", "functional_fused")}
    found = verdict(CLAIM, DEFAULT, Connections(connected={**ALL, **fused}))
    assert found.answer == "only those with one Dense layer for each head"


def test_styles_that_cannot_express_the_architecture_are_named():
    reached = {"level": 8, "spike": 8, "waveform": 24}
    found = verdict(CLAIM, MIXED, Connections(connected={"functional": reached, "subclassing": reached}))
    assert found.kind == "true"
    assert "8 neurons × 5 units of 3 heads: all 40 pairs are connected" in found.finding
    assert "*Sequential* and *Functional, fused*" in found.why


@pytest.mark.slow
@pytest.mark.parametrize(
    "on",
    [
        DEFAULT,
        MIXED,
        *(pytest.param(each, marks=pytest.mark.soak) for each in (ONE_HEAD, SEVERAL_UNITS, HIDDEN, NO_DENSE, BENT)),
    ],
)
def test_all_pairs_are_connected_in_real_keras(on):
    evidence = measured(CLAIM, on)
    architecture = on.architecture
    every = {head.name: architecture.trunk_units * head.units for head in architecture.heads}
    able = [key for key, style in STYLES.items() if not style.unsupported_reason(architecture)]
    assert evidence.connected == dict.fromkeys(able, every)
    assert verdict(CLAIM, on, evidence).kind == "true"


@pytest.mark.slow
def test_a_missing_connection_is_found():
    masked = """
class Masked(layers.Dense):
    def call(self, inputs, training=None):
        return super().call(inputs * np.array([1, 1, 0, 1, 1, 1, 1, 1], "float32"))

models["functional"].get_layer("trend").__class__ = Masked
"""
    source = CLAIM.code(SMALL)
    start = source.index("connected = {}")
    connected = measured_from(CLAIM, source[:start] + masked + source[start:]).connected
    assert connected == {**ALL, "functional": {"level": 8, "trend": 7}}
