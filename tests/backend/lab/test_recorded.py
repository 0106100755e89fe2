"""What is recorded is what a worker measures now, and shows the published outcomes."""

import numpy as np
import pytest

from backend.questions.lab import QUESTIONS, trade_offs, unstuck
from backend.questions.lab.recorded import recorded, recorded_evidence
from tests.backend.questions.sentences import is_one_sentence
from tests.builders.lab import measured


def test_every_published_setting_is_recorded_with_machine_and_versions():
    assert len(recorded()) == sum(len(question.published) for question in QUESTIONS.values())
    for question in QUESTIONS.values():
        for settings in question.published:
            found = recorded_evidence(question.key, settings)
            assert found is not None
            assert found.machine.name
            assert {"Python", "NumPy"} <= set(found.machine.versions)
            assert found.seconds > 0
            verdict = question.test(found.evidence)
            assert verdict.answer in question.options
            assert is_one_sentence(verdict.finding), verdict.finding
    assert recorded_evidence("unstuck", unstuck.UnstuckSettings(steps=100)) is None


@pytest.mark.parametrize("settings", QUESTIONS["unstuck"].published, ids=lambda each: each.problem)
def test_a_descent_begins_as_recorded(settings):
    """The first two recorded points. Later, a rounding of another processor may lead elsewhere. Else record again."""
    kept = recorded_evidence("unstuck", settings).evidence
    for point in (1, 2):
        now = measured("unstuck", settings.model_copy(update={"steps": kept.steps[point]}))
        for then, again in zip(kept.runs, now.runs, strict=True):
            assert then.key == again.key
            ends = np.array([path[-1] for path in again.paths])
            assert ends == pytest.approx(np.array([path[point] for path in then.paths]), abs=0.02)


@pytest.mark.slow
def test_the_recorded_trade_offs_are_those_of_now():
    (settings,) = QUESTIONS["trade_offs"].published
    kept, now = recorded_evidence("trade_offs", settings).evidence, measured("trade_offs", settings)
    worst = [
        [end.worst for end in (*each.fixed, *(end for s in each.smooth for end in s.ends))] for each in (kept, now)
    ]
    assert np.quantile(np.abs(np.subtract(*worst)), 0.98) < 2e-3


def test_the_recorded_outcomes_are_the_published_ones():
    famo, cagrad = (recorded_evidence("unstuck", each).evidence for each in QUESTIONS["unstuck"].published)
    count = {each.key: len(each.reached) for each in famo.runs}
    assert count == {"mean": 4, "famo": 5, "mgda": 5, "nash": 5, "imtl_g": 5, "pcgrad": 4, "cagrad": 4}
    assert unstuck.judge(famo).answer == unstuck.OPTIONS[2]

    ends = {each.key: np.mean(each.losses, axis=1) for each in cagrad.runs}
    assert ends["cagrad"] == pytest.approx([-15.09] * 3, abs=0.05)
    assert (ends["mean"][[0, 2]] > 0).all()
    assert unstuck.judge(cagrad).answer == unstuck.OPTIONS[0]

    (settings,) = QUESTIONS["trade_offs"].published
    evidence = recorded_evidence("trade_offs", settings).evidence
    assert trade_offs.judge(evidence).answer == trade_offs.OPTIONS[1]
