"""What the benchmark records can be read again."""

import json
from dataclasses import replace

from backend.lab.questions import QUESTIONS, trade_offs, unstuck
from backend.lab.recorded import Recorded, recorded
from backend.machine import this_machine
from benchmarks.recorded_lab import record, records


def test_a_record_survives_json_also_with_nan():
    diverging = unstuck.Settings(problem="cagrad_toy", optimizer="sgd", rate=1.0, steps=200, methods=("famo",))
    for question, settings in (("unstuck", diverging), ("trade_offs", trade_offs.Settings(levels=3, steps=100))):
        found = record(QUESTIONS[question], settings, this_machine())
        again = Recorded.model_validate(json.loads(json.dumps(found.model_dump(mode="json"))))
        assert (
            again.evidence.model_dump_json()
            == QUESTIONS[question].measure(settings, lambda share: None).model_dump_json()
        )


def test_one_question_is_recorded_and_the_others_are_kept(monkeypatch):
    brief = trade_offs.Settings(levels=3, steps=100, starts=1)
    monkeypatch.setitem(QUESTIONS, "trade_offs", replace(QUESTIONS["trade_offs"], published=(brief,)))
    found = {each.question: each for each in records(["trade_offs"])}
    assert found["trade_offs"].evidence == trade_offs.measure(brief)
    kept = {each.question: each for each in recorded()}
    assert list(found) == list(QUESTIONS)
    assert all(found[key] is kept[key] for key in found if key != "trade_offs")
