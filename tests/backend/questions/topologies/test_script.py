"""The script of a topology gives the same scores in a fresh Python as in a worker, which executes it."""

import re
from dataclasses import replace

import pytest

from backend.jobs.runtime import Context
from backend.questions.topologies import TOPOLOGIES
from backend.questions.topologies.base import Relatedness
from backend.questions.topologies.job import TopologyJob
from backend.worker.question import question
from tests.builders import fresh_python


@pytest.mark.soak
@pytest.mark.takes("a script and a worker train two models with five seeds and two lengths")
def test_it_prints_the_scores_and_the_interval_of_the_verdict(monkeypatch):
    chosen = replace(TOPOLOGIES["two_inputs"], epochs=1)
    monkeypatch.setitem(TOPOLOGIES, chosen.key, chosen)
    asked = TopologyJob.of(chosen, Relatedness())
    printed = fresh_python.printed(asked.script())
    result = question(asked, Context())
    for epochs, found in chosen.gains(result).items():
        pairs = re.findall(rf"^{epochs} epochs, seed \d+: ([-\d.]+) ([-\d.]+)$", printed, re.M)
        assert [float(ours) for ours, _ in pairs] == pytest.approx(result.scores[epochs].model, abs=2e-4)
        assert [float(theirs) for _, theirs in pairs] == pytest.approx(result.scores[epochs].baseline, abs=2e-4)
        (figures,) = re.findall(
            rf"^After {epochs} epochs, the median gain is (\S+), the interval (\S+) to (\S+)$", printed, re.M
        )
        assert [float(each) for each in figures] == pytest.approx([found.median, found.low, found.high], abs=1e-3)
