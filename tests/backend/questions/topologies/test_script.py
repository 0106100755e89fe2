"""The script of a topology trains what a worker trains: the same scores in a fresh Python."""

import re
from dataclasses import replace

import pytest

from backend.jobs.runtime import Context
from backend.questions.topologies import TOPOLOGIES, outcome
from backend.questions.topologies.job import TopologyJob
from backend.worker import topologies
from tests.builders import fresh_python


@pytest.mark.soak
@pytest.mark.takes("a script and a worker train two models with five seeds and two lengths")
def test_it_prints_the_scores_and_the_interval_of_the_verdict(monkeypatch):
    chosen = replace(TOPOLOGIES["two_inputs"], epochs=1)
    monkeypatch.setitem(TOPOLOGIES, chosen.key, chosen)
    asked = TopologyJob.of(chosen, 0.8)
    printed = fresh_python.printed(asked.script())
    result = topologies.train(asked, Context())
    for epochs, scores in result.scores.items():
        pairs = re.findall(rf"^{epochs} epochs, seed \d+: ([-\d.]+) and ([-\d.]+)$", printed, re.M)
        assert [float(ours) for ours, _ in pairs] == pytest.approx(scores.model, abs=2e-4)
        assert [float(theirs) for _, theirs in pairs] == pytest.approx(scores.baseline, abs=2e-4)
        found = outcome(scores.model, scores.baseline, chosen.metric)
        (figures,) = re.findall(
            rf"^After {epochs} epochs, the median gain is (\S+), the interval (\S+) to (\S+)$", printed, re.M
        )
        assert [float(each) for each in figures] == pytest.approx([found.median, found.low, found.high], abs=1e-3)
