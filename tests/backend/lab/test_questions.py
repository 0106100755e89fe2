"""The questions: settings within bounds, a verdict for every evidence, and a script that prints the same figures."""

import re
import subprocess
import sys

import numpy as np
import pytest

from backend.lab.problems import PROBLEMS
from backend.questions.lab import trade_offs, unstuck

BRIEF = {
    "unstuck": [
        unstuck.Settings(steps=150),
        unstuck.Settings(problem="cagrad_toy", optimizer="sgd", rate=1.0, steps=150, methods=("pcgrad", "famo")),
    ],
    "trade_offs": [
        trade_offs.Settings(levels=4, starts=2, steps=300, smoothings=(0.1, 1.0)),
        trade_offs.Settings(levels=3, starts=1, steps=100, smoothings=(10,), rate=0.1),
    ],
}


def printed(source, folder):
    """What the script prints in a Python without our code, which has NumPy."""
    (folder / "script.py").write_text(source, encoding="utf-8")
    command = [sys.executable, "-I", "-W", "error", "script.py"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("settings", BRIEF["unstuck"])
def test_the_script_of_unstuck_prints_the_evidences_figures(settings, tmp_path):
    evidence = unstuck.measure(settings)
    lines = printed(unstuck.code(settings), tmp_path).splitlines()
    expected = []
    for each in evidence.runs:
        expected.append(f"{each.title}: on the front from {len(each.reached)} of {len(evidence.starts)} starts")
        expected += [f"    losses {one:.4f} {other:.4f}" for one, other in each.losses]
    assert [line.replace("-0.0000", "0.0000") for line in lines] == expected


@pytest.mark.parametrize("settings", BRIEF["trade_offs"])
def test_the_script_of_trade_offs_prints_the_evidences_figures(settings, tmp_path):
    evidence = trade_offs.measure(settings)
    numbers = [float(each) for each in re.findall(r": ([\d.]+)$", printed(trade_offs.code(settings), tmp_path), re.M)]
    expected = [
        min(end.worst for end in ends)
        for problem in (evidence.pair, evidence.three)
        for ends in (problem.fixed, *(each.ends for each in problem.smooth))
    ]
    assert numbers == expected


def runs(key, arrived):
    n = len(arrived)
    return unstuck.Runs(
        key=key, title=key, paths=(((0.0, 0.0),),) * n, losses=((0.0, 0.0),) * n, distances=(0.0,) * n, arrived=arrived
    )  # fmt: skip


def unstuck_evidence(**arrived):
    count = len(arrived["mean"])
    return unstuck.Evidence(
        settings=unstuck.Settings(), starts=PROBLEMS["famo_toy"].starts[:count], steps=(0,),
        runs=tuple(runs(key, each) for key, each in arrived.items()),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("arrived", "answer"),
    [
        ({"mean": (1, None), "pcgrad": (1, 2), "cagrad": (1, 2)}, unstuck.OPTIONS[0]),
        ({"mean": (1, None), "pcgrad": (1, None), "cagrad": (None, 2)}, unstuck.OPTIONS[1]),
        ({"mean": (1, None), "pcgrad": (1, None), "cagrad": (None, None)}, unstuck.OPTIONS[2]),
        ({"mean": (1, 2), "pcgrad": (1, 2), "cagrad": (1, 2)}, None),  # no run is stuck
        ({"mean": (1, None), "mgda": (1, 2)}, None),  # nothing that removes conflict took part
        ({"mean": (1, None), "cagrad": (1, 2)}, None),
        ({"mean": (None, None), "pcgrad": (None, None), "cagrad": (None, None)}, None),  # too few steps
    ],
)
def test_the_answer_of_unstuck_compares_start_by_start(arrived, answer):
    verdict = unstuck.judge(unstuck_evidence(**arrived))
    assert verdict.answer == answer
    assert verdict.finding.endswith(".")


def test_a_question_about_methods_is_refused_without_them():
    refuse = unstuck.QUESTION.refuse
    assert refuse(unstuck.Settings()) is None
    assert refuse(unstuck.Settings(methods=unstuck.REMOVERS[:1]))


def trade_off_evidence(positions, distance=0.0):
    """Ends on the concave front at these positions, and a fixed one for the three heads."""
    losses = [(1 - np.exp(-((1 - t) ** 2)), 1 - np.exp(-((1 + t) ** 2))) for t in positions]
    ends = tuple(trade_offs.End(losses=each, distance=distance, weights=(0.5, 0.5)) for each in losses)
    three = (trade_offs.End(losses=(0.8, 0.7, 0.7), distance=0.5),)
    smooth = (trade_offs.Smooth(smoothing=0.1, ends=ends[:1]),)
    return trade_offs.Evidence(
        settings=trade_offs.Settings(smoothings=(0.1,)),
        pair=trade_offs.Ends(fixed=ends, smooth=smooth),
        three=trade_offs.Ends(fixed=three, smooth=(trade_offs.Smooth(smoothing=0.1, ends=three),)),
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
    assert [trade_offs.position(end) for end in evidence.pair.fixed] == pytest.approx(list(positions), abs=1e-6)
    verdict = trade_offs.judge(evidence)
    assert verdict.answer == answer
    assert ("cannot tell" in verdict.finding) == (distance != 0)
