"""What a room shows of every question of every shipped lesson that no run answers, its verdict apart."""

from __future__ import annotations

from importlib import import_module

import pytest

from backend.jobs.runtime import Context
from backend.lessons import Step
from backend.questions.claims import CLAIMS
from backend.questions.claims.job import ClaimJob
from backend.questions.mistakes.job import MistakeJob
from backend.services import Services
from backend.worker.kinds import JOB_KINDS
from tests.backend.questions.claims.cases import DEFAULT
from tests.backend.questions.claims.cases import measured as claim
from tests.backend.questions.mistakes.measured import measured as mistake
from tests.builders.measured_steps import LESSONS, check


def work(services: Services) -> None:
    """Do the job that a worker would do next. What other tests measure, too, is measured once.

    The seconds of a step are those of the default network, whatever the heads: a room shows them in the same way.
    """
    job = services.jobs.registry.take(1)
    assert job is not None
    payload = job.payload
    if isinstance(payload, ClaimJob):
        result = claim(CLAIMS[payload.question], DEFAULT if payload.question == "speed" else payload.settings)
    elif isinstance(payload, MistakeJob):
        result = mistake(payload.definition)
    else:
        module, _, function = JOB_KINDS[job.kind].function.partition(":")
        result = getattr(import_module(module), function)(payload, Context())
    services.jobs.registry.end(job, "finished", result=result)


def untrained(step: Step) -> bool:
    return step.block.run == "none"


#: Have a question of each page, and are measured in a few seconds together.
TYPICAL = ("same-network", "only-functional", "does-sharing-help", "do-my-heads-fight")


@pytest.mark.slow
@pytest.mark.parametrize(
    "lesson",
    [
        pytest.param(each, id=each.id, marks=[] if each.id in TYPICAL else [pytest.mark.soak])
        for each in LESSONS
        if any(map(untrained, each.steps))
    ],
)
def test_each_question_has_a_picture_or_what_keras_prints_and_its_verdict_comes_later(serve, lesson):
    """`tests/components/rooms/test_measured.py` has those about a run."""
    services = serve()
    check(lesson, untrained, lambda: work(services))
