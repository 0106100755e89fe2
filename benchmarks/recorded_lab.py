"""Records the evidence that lessons show: `python -m benchmarks.recorded_lab`.

It measures every question with the settings that are recorded, and writes `backend/questions/lab/recorded.json`. With
keys, as in `python -m benchmarks.recorded_lab unstuck`, it measures these questions and keeps the others. Run it after
a change of a question, a problem or a method that takes part. A test says when the file is out of date.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Collection, Iterator
from typing import Any

from backend.jobs.runtime import Context
from backend.machine import Machine, this_machine
from backend.questions.base import Measured
from backend.questions.lab import QUESTIONS, Question
from backend.questions.lab.base import LabEvidence
from backend.questions.lab.recorded import RECORDED, Recorded, recorded_evidence
from backend.worker.script import run_script


def measure(question: Question[Any, Any], settings: Measured) -> LabEvidence:
    """The evidence, from the variables of the script that anyone can run."""
    evidence: type[LabEvidence] = question.evidence
    return run_script(question.script(settings), evidence, Context(), settings=settings)


def record(question: Question[Any, Any], settings: Measured, machine: Machine) -> Recorded:
    """Measure the question with these settings."""
    started = time.process_time()
    evidence = measure(question, settings)
    return Recorded(
        question=question.key,
        measured=evidence.model_dump(mode="json"),
        machine=machine,
        seconds=round(time.process_time() - started, 2),
        recorded_at=round(time.time()),
    )


def records(keys: Collection[str]) -> Iterator[Recorded]:
    """What is recorded of every question: measured now for those of `keys`, and for settings that are new."""
    machine = this_machine()
    for question in QUESTIONS.values():
        for settings in question.published:
            kept = None if question.key in keys else recorded_evidence(question.key, settings)
            found = kept or record(question, settings, machine)
            print(
                f"{question.key}, {f'{found.seconds} s' if kept is None else 'kept'}: "
                f"{question.test(found.evidence).finding}"
            )
            yield found


def main() -> None:
    """Measure the questions and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", nargs="*", metavar="question", help=f"one or more of {', '.join(QUESTIONS)}")
    keys = parser.parse_args().questions
    if unknown := set(keys) - set(QUESTIONS):
        parser.error(f"there is no question {', '.join(sorted(unknown))}; the questions are {', '.join(QUESTIONS)}")
    found = list(records(keys or list(QUESTIONS)))
    lines = ",\n".join(json.dumps(each.model_dump(mode="json"), separators=(",", ":")) for each in found)
    RECORDED.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"{RECORDED}: {RECORDED.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
