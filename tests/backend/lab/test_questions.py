"""The questions without a network: a verdict for every evidence."""

import numpy as np
import pytest

from backend.lab.problems import PROBLEMS
from backend.questions.lab import trade_offs, unstuck


def runs(key, arrived):
    n = len(arrived)
    return unstuck.UnstuckRuns(
        key=key, title=key, paths=(((0.0, 0.0),),) * n, losses=((0.0, 0.0),) * n, distances=(0.0,) * n, arrived=arrived
    )  # fmt: skip


def unstuck_evidence(**arrived):
    count = len(arrived["mean"])
    return unstuck.UnstuckEvidence(
        settings=unstuck.UnstuckSettings(), starts=PROBLEMS["famo_toy"].starts[:count], steps=(0,),
        runs=tuple(runs(key, each) for key, each in arrived.items()),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("arrived", "answer"),
    [
        ({"mean": (1, None), "pcgrad": (1, 2), "cagrad": (1, 2)}, unstuck.OPTIONS[0]),
        ({"mean": (1, None), "pcgrad": (1, None), "cagrad": (None, 2)}, unstuck.OPTIONS[1]),
        ({"mean": (1, None), "pcgrad": (1, None), "cagrad": (None, None)}, unstuck.OPTIONS[2]),
        ({"mean": (1, 2), "pcgrad": (1, 2), "cagrad": (1, 2)}, None),  # no run is stuck
        ({"mean": (None, None), "pcgrad": (None, None), "cagrad": (None, None)}, None),  # too few steps
    ],
)
def test_the_answer_of_unstuck_compares_start_by_start(arrived, answer):
    verdict = unstuck.judge(unstuck_evidence(**arrived))
    assert verdict.answer == answer
    assert verdict.finding.endswith(".")


def trade_off_evidence(positions, distance=0.0):
    """Ends on the concave front at these positions."""
    losses = [(1 - np.exp(-((1 - t) ** 2)), 1 - np.exp(-((1 + t) ** 2))) for t in positions]
    ends = tuple(trade_offs.End(losses=each, distance=distance, weights=(0.5, 0.5)) for each in losses)
    smooth = (trade_offs.Smooth(smoothing=0.1, ends=ends[:1]),)
    return trade_offs.TradeOffEvidence(
        settings=trade_offs.TradeOffSettings(smoothings=(0.1,)), fixed=ends, smooth=smooth
    )


@pytest.mark.parametrize(
    ("positions", "distance", "answer"),
    [
        (np.linspace(-1, 1, 9), 0.0, trade_offs.OPTIONS[0]),
        ([-0.95, -1, 0.9, 1], 0.0, trade_offs.OPTIONS[1]),
        ([0.99], 0.0, trade_offs.OPTIONS[1]),
        ([-0.1, 0, 0.1], 0.0, trade_offs.OPTIONS[2]),
        ([-1, -0.3, 0.9], 0.0, None),
        ([-1, 0, 1], 0.5, None),  # none has arrived
        ([-1, 0, 1], float("nan"), None),
    ],
)
def test_the_answer_of_trade_offs_looks_for_an_empty_stretch(positions, distance, answer):
    evidence = trade_off_evidence(positions, distance)
    assert [trade_offs.position(end) for end in evidence.fixed] == pytest.approx(list(positions), abs=1e-6)
    verdict = trade_offs.judge(evidence)
    assert verdict.answer == answer
    assert ("cannot tell" in verdict.finding) == (distance != 0)
