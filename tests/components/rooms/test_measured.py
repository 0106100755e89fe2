"""What a room shows of a run that all share, and of claims: the verdict apart."""

from __future__ import annotations

import pytest

from backend.lessons import parse
from backend.questions.claims.parameters import Counts
from components.rooms import measured
from tests.builders.lessons import GOLDEN
from tests.builders.measured_steps import LESSONS, check
from tests.builders.rooms import make_tables


def shared(step):
    return step.block.run == "shared"


@pytest.mark.slow
@pytest.mark.parametrize(
    "lesson",
    [pytest.param(each, id=each.id) for each in LESSONS if any(map(shared, each.steps))],
)
def test_each_question_about_a_run_has_a_picture_and_its_verdict_comes_later(recorded, lesson):
    """`tests/backend/questions/test_in_rooms.py` has the questions about what is measured otherwise."""
    check(lesson, shared)


def test_a_claim_that_cannot_be_tested_says_so_with_the_verdict_and_the_next_one_is_judged_by_its_own_result(serve):
    server = serve()
    make_tables(server.database)
    lesson = parse(GOLDEN.replace("show: [parameters]", 'set: "batch=1"\nshow: [history_trap, parameters]'))
    view = server.rooms.view(server.rooms.open(lesson, "host").room.id)
    assert measured.of_room(view, 1, True)[1], "the second claim is awaited"
    job = server.jobs.registry.take(1)
    server.jobs.registry.end(job, "finished", result=Counts(parameters={"functional": 4762}))
    untestable, counted = (part.words[0] for part in measured.of_room(view, 1, True)[0])
    assert untestable.startswith("Not applicable, because with a batch size of 1")
    assert counted.startswith("Keras counts 4,762 parameters in each style")
    assert len(measured.of_room(view, 1, False)[0]) == 1, "nothing is measured of the first claim"
