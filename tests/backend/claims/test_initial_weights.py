"""Claim 8: the ranges from which Keras draws the initial output kernels."""

import numpy as np
import pytest

from backend.claims.base import verdict
from backend.claims.initial_weights import CLAIM, Drawn, Layer
from backend.experiment.styles import STYLES
from backend.network.initial_weights import glorot_limit
from backend.worker.build import build, weights_of
from tests.backend.claims.cases import (
    BENT,
    DEFAULT,
    HIDDEN,
    MIXED,
    NO_DENSE,
    ONE_HEAD,
    SEVERAL_UNITS,
    SIXTEEN,
    experiment,
    head,
    judged,
    measured,
)


def layer(bound, count=8192):
    return Layer(count=count, largest=0.999 * bound, spread=bound / np.sqrt(3), share=[0.5, 0.5])


FUSED, SEPARATE = glorot_limit(8, 2), glorot_limit(8, 1)


def evidence(fused=FUSED, separate=SEPARATE, count=8192):
    return Drawn(edges=[-0.8, 0, 0.8], drawn={1: layer(separate, count), 2: layer(fused, count)})


def test_true_with_both_limits():
    found = verdict(CLAIM, DEFAULT, evidence())
    assert found.kind == "true"
    assert "±0.775" in found.finding
    assert "±0.816" in found.finding
    assert found.answer == "wider"
    assert CLAIM.proposition(DEFAULT) == (
        "A head's own layer starts with a wider range of weights (±0.816) than one layer for all heads (±0.775)."
    )
    assert found.picture.filled
    assert [line.values for line in found.picture.lines] == [[50, 50, 0], [50, 50, 0]], "of two bins, then down to 0"


def test_undecided_with_too_few_weights():
    found = verdict(CLAIM, DEFAULT, evidence(count=40))
    assert (found.kind, found.answer) == ("undecided", None)


def test_limits_that_are_almost_equal_are_told_apart():
    wide = experiment(dense=(), lstm=(255,))
    assert "(±0.1531) than one layer for all heads (±0.1528)" in CLAIM.proposition(wide)


@pytest.mark.parametrize("bounds", [{"fused": SEPARATE}, {"separate": 0.5}])
def test_false_where_another_rule_draws(bounds):
    found = verdict(CLAIM, DEFAULT, evidence(**bounds))
    assert (found.kind, found.answer) == ("false", "the same" if "fused" in bounds else "narrower")


@pytest.mark.parametrize("on", [ONE_HEAD, MIXED, HIDDEN])
def test_not_applicable_without_a_fused_model(on):
    assert verdict(CLAIM, on, None).kind == "not applicable"


@pytest.mark.slow
def test_the_thread_s_network():
    layers = measured(CLAIM, DEFAULT).drawn
    assert layers[2].largest == pytest.approx(0.7746, abs=0.001)
    assert layers[1].largest == pytest.approx(0.8165, abs=0.001)
    assert layers[1].spread == pytest.approx(0.8165 / np.sqrt(3), rel=0.02)
    assert verdict(CLAIM, DEFAULT, measured(CLAIM, DEFAULT)).kind == "true"


@pytest.mark.slow
@pytest.mark.parametrize(
    "on", [SEVERAL_UNITS, *(pytest.param(each, marks=pytest.mark.soak) for each in (SIXTEEN, NO_DENSE, BENT))]
)
def test_unusual_architectures(on):
    assert judged(CLAIM, on).kind == "true"


@pytest.mark.slow
def test_a_wide_trunk_hides_the_difference():
    wide = experiment(dense=(), lstm=(256,), heads=(head("level"), head("trend")))
    assert judged(CLAIM, wide).kind == "undecided"


@pytest.mark.slow
def test_from_one_seed_the_trunks_start_equal_and_the_output_kernels_do_not():
    fused, separate = (
        weights_of(build(STYLES[key].write(DEFAULT.architecture), 3)) for key in ("sequential", "functional")
    )
    for name in ("lstm", "dense"):
        for one, other in zip(fused[name], separate[name], strict=True):
            np.testing.assert_array_equal(one, other)
    assert not np.allclose(fused["dense_1"][0], np.hstack([separate["level"][0], separate["trend"][0]]), atol=0.01)
