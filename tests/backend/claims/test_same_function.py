"""Claim 3: the outputs of twins, which differ by round-off; and by more where their weights do."""

import numpy as np
import pytest

from backend.claims.base import verdict
from backend.claims.same_function import CLAIM, ROUND_OFF
from backend.worker.evidence import same_function
from backend.worker.evidence.common import twins
from tests.backend.claims.cases import (
    DEFAULT,
    HIDDEN,
    MIXED,
    NO_DENSE,
    ONE_HEAD,
    SEVERAL_UNITS,
    SIXTEEN,
    judged,
    measured,
    printed,
)


def batches(difference, output=0.5):
    return {"batches": {1: {"difference": 0.0, "output": output}, 32: {"difference": difference, "output": output}}}


def test_round_off_is_no_difference_and_more_is():
    found = verdict(CLAIM, DEFAULT, batches(3e-8))
    assert found.kind == "true"
    assert [row["equal to the last bit"] for row in found.table] == ["yes", "no"]
    assert verdict(CLAIM, DEFAULT, batches(2 * 0.5 * ROUND_OFF)).kind == "false"
    assert verdict(CLAIM, DEFAULT, batches(2 * 0.5 * ROUND_OFF, output=50.0)).kind == "true"


@pytest.mark.parametrize(("on", "reason"), [(ONE_HEAD, "one head is one output"), (MIXED, ""), (HIDDEN, "")])
def test_does_not_apply_where_there_are_no_two_styles(on, reason):
    found = verdict(CLAIM, on, {})
    assert found.kind == "does not apply"
    assert reason in found.finding


@pytest.mark.slow
@pytest.mark.parametrize("on", [DEFAULT, SIXTEEN, SEVERAL_UNITS, NO_DENSE])
def test_twins_agree_in_real_keras(on):
    assert judged(CLAIM, on).kind == "true"


@pytest.mark.slow
def test_other_weights_make_it_false(monkeypatch):
    def parted(architecture, seed):
        pair = twins(architecture, seed)
        kernel = pair.separate.get_layer("trend").kernel
        kernel.assign(np.asarray(kernel) * 1.001)
        return pair

    monkeypatch.setattr(same_function, "twins", parted)
    assert verdict(CLAIM, DEFAULT, measured(CLAIM, DEFAULT)).kind == "false"


@pytest.mark.slow
def test_the_code_prints_a_difference_of_round_off():
    assert float(printed(CLAIM, DEFAULT)) < 1e-6
