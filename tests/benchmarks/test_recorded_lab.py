"""What the benchmark records can be read again."""

import json

from backend.machine import this_machine
from backend.questions.lab import QUESTIONS, trade_offs, unstuck
from backend.questions.lab.recorded import Recorded
from benchmarks.recorded_lab import record
from tests.builders.lab import measured


def test_a_record_survives_json_also_with_nan():
    diverging = unstuck.UnstuckSettings(problem="cagrad_toy", optimizer="sgd", rate=1.0, steps=200, methods=("famo",))
    for question, settings in (
        ("unstuck", diverging),
        ("trade_offs", trade_offs.TradeOffSettings(levels=3, steps=100)),
    ):
        found = record(QUESTIONS[question], settings, this_machine())
        again = Recorded.model_validate(json.loads(json.dumps(found.model_dump(mode="json"))))
        assert again.evidence.model_dump_json() == measured(question, settings).model_dump_json()
