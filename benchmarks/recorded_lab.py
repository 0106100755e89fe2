"""Records the evidence that the lab shows first: `python -m benchmarks.recorded_lab`.

It measures every question with its published settings, in about half a minute, and writes `backend/lab/recorded.json`.
Run it after a change of a question, a problem or a method that takes part. A test says when the file is out of date.
"""

from __future__ import annotations

import json
import time
from typing import Any

from backend.lab.questions import QUESTIONS, Question
from backend.lab.questions.base import Measured, unwatched
from backend.lab.recorded import RECORDED, Recorded
from backend.machine import Machine, this_machine


def record(question: Question[Any, Any], settings: Measured, machine: Machine) -> Recorded:
    """Measure the question with these settings."""
    started = time.process_time()
    evidence = question.measure(settings, unwatched)
    return Recorded(
        question=question.key,
        measured=evidence.model_dump(mode="json"),
        machine=machine,
        seconds=round(time.process_time() - started, 2),
        recorded_at=round(time.time()),
    )


def main() -> None:
    """Measure every question and write the file."""
    machine, found = this_machine(), []
    for question in QUESTIONS.values():
        for settings in question.published:
            found.append(record(question, settings, machine))
            print(f"{question.key}, {found[-1].seconds} s: {question.judge(found[-1].evidence).finding}")
    lines = ",\n".join(json.dumps(each.model_dump(mode="json"), separators=(",", ":")) for each in found)
    RECORDED.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"{RECORDED}: {RECORDED.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
