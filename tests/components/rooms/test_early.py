"""A participant receives nothing of a result before the reveal, in whatever bytes come."""

from __future__ import annotations

import re

import pytest
from starlette.applications import Starlette

from backend.experiment.url import write_query
from backend.lessons import parse
from backend.rooms.training import experiment_of
from backend.training.result import Epoch, Losses
from backend.web.phones import Pages, phone_routes
from backend.web.streams import Streams
from components.phone import board, participant
from tests.builders import asgi, pages
from tests.builders.phones import DOCUMENT, Phone
from tests.builders.playing import LESSON, NOTES, WHY
from tests.builders.rooms import Classroom
from tests.builders.runs import run

STEP = parse(LESSON).steps[0]
OTHERS = 8
PAGES = Pages(participant.page, participant.result, board.page)
VOTES, RUNS = (f'class=\\"{name}' for name in ("bars", "run"))
#: What only the host knows, and what belongs to a result.
OF_LESSON = [
    NOTES, "misconception", *(each.misconception for each in STEP.options if each.misconception), "expect:",
    '"expect"', "1.9..2.1", "combine=mean",
]  # fmt: skip
OF_RESULT = [WHY, VOTES, RUNS, "median", "run alone"]


def train(services, room: Classroom) -> None:
    """Keep the runs of all participants, as if workers had trained them."""

    def losses(total):
        heads = dict.fromkeys(("level", "trend"), total / 2)
        return Losses(total=total, heads=heads, val_total=total, val_heads=heads)

    for number in range(1, OTHERS + 2):
        experiment, loss = experiment_of(room.opened.room, STEP, number), 2 + number * 0.0013
        epochs = [
            Epoch(seed=experiment.training.seed, epoch=n, left=losses(1), right=losses(loss * n / 2), seconds=0)
            for n in (1, 2)
        ]
        services.runs.keep(run(experiment=experiment, epochs=epochs), "a worker")
    assert services.database.flush()
    services.rooms.training.feed(room.view, owner=False)
    assert not services.rooms.training.of_step(room.view).missing


def found(words: list[str], phone: Phone) -> list[str]:
    return [word for word in words if word.encode() in phone.received]


def shows_no_run(phone: Phone, experiment) -> None:
    """Other pages show the same visitor nothing of the room's runs."""
    runs = pages.visit("runs.py", phone.visitor)
    train = pages.visit("train.py", phone.visitor, **write_query(experiment))
    assert pages.says(train, "have no result yet")
    assert not {"Open", "Pin"} & {*pages.labels(runs), *pages.labels(train)}


@pytest.mark.slow
def test_nothing_of_a_result_is_received_before_the_reveal(serve):
    services = serve()
    room = Classroom.open(services.rooms, services.database, "host", parse(LESSON))
    app = Starlette(routes=phone_routes(lambda: services.rooms, Streams(), DOCUMENT, PAGES))
    with asgi.serve(app) as address, Phone(address) as phone:
        phone.join(room)
        others = room.join(*(f"visitor {n}" for n in range(OTHERS)))
        train(services, room)
        states = phone.follow()

        def lead(*actions):
            room.act(*actions)
            return phone.drawn(room.view.room.version, states)

        lead("begin")
        for round, actions in ((1, ("freeze", "discuss", "ask_again")), (2, ("freeze",))):
            assert phone.answer(1, round=round)[0] == 200
            for who in others:
                room.answer(who, who.number % 3, round=round)
            for action in actions:
                lead(action)
                phone.ask(f"/rooms/{room.id}/board?once")
        for path in ("results/0", "runs/0", "board?once"):
            phone.ask(f"/rooms/{room.id}/{path}")
        shows_no_run(phone, experiment_of(room.opened.room, STEP, 1))
        opened = room.opened
        secrets = [opened.host, opened.room.host_hash, opened.room.secret]
        never = [NOTES, *secrets, *(who.alias for who in others)]
        assert found([*never, *OF_LESSON, *OF_RESULT, "percent", str(opened.room.seed), "TrainJob"], phone) == []
        before = len(phone.received)

        votes = "".join(lead("reveal")["html"])
        assert len(re.findall(r'class="option"', votes)) == 3, "the verdict is last"
        assert found([WHY, "The answer: ", "data-low", RUNS], phone) == []
        measured = "".join(lead("more")["html"])
        assert "expected" not in measured
        assert found(["The answer: ", "run alone", WHY, "the median of the"], phone) == []
        runs = re.findall(r'd="([^"]+)" class="run"', measured)
        assert len(runs) == OTHERS + 1
        explained = "".join(lead("more")["html"])
        assert 'class="expected"' in explained
        seen = re.findall(r'd="([^"]+)" class="run"', explained)
        assert seen == runs, "the axis is that of the runs and of all options, whichever is right"
        lead("explain")
        assert found(OF_RESULT, phone) == OF_RESULT, "this test could have found them"
        assert runs[0].encode() not in phone.received[:before]
        assert found([*never, *OF_LESSON[2:-4]], phone) == [], "these are never theirs"
