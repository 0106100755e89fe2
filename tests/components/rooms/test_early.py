"""A participant receives nothing of a result before the reveal, and without the host's cookie nobody leads."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from backend.database import Database
from backend.experiment import Experiment
from backend.experiment.training import Training
from backend.experiment.url import write_query
from backend.lessons import parse
from backend.rooms.class_result import regions_of
from backend.training.result import Epoch, Losses, Run
from backend.training.saved_runs import SavedRuns
from harness.host import Host
from harness.phone import Phone
from harness.server import Server
from harness.tab import PATIENCE, Tab
from tests.builders.playing import LESSON, NOTES, TITLE, WHY, answer, joined, lead, leave, started, stored
from tests.builders.runs import finished
from tests.builders.runs import run as saved_run

pytestmark = pytest.mark.jobs

STEP = parse(LESSON).steps[0]
OTHERS = 8
VOTES, AXIS = '"kind":"votes"', '"kind":"axis"'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("room")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    with started(folder) as running:
        yield running


def room(folder: Path, id: str) -> dict[str, object]:
    names = ("host_hash", "board_hash", "secret", "seed", "state", "version")
    return dict(zip(names, stored(folder, f"SELECT {', '.join(names)} FROM room WHERE id = ?", id)[0], strict=True))


def train(folder: Path, id: str) -> None:
    """Store the runs of all participants, as another server would have trained them, before they join."""
    seed = int(str(room(folder, id)["seed"]))
    with closing(Database(folder)) as database:
        for number in range(1, OTHERS + 2):
            training = STEP.experiment.training.model_copy(update={"seed": seed + number, "seeds": 1})
            SavedRuns(database).add(finished(trained(STEP.experiment, training, 2 + number * 0.0013)), "a server")
        assert database.flush()


def trained(experiment: Experiment, training: Training, loss: float) -> Run:
    """A run whose right network ends at this loss, and its left one at 1."""

    def losses(total: float) -> Losses:
        heads = dict.fromkeys(("level", "trend"), total / 2)
        return Losses(total=total, heads=heads, val_total=total, val_heads=heads)

    epochs = [Epoch(seed=training.seed, epoch=n, left=losses(1), right=losses(loss * n / 2), seconds=0) for n in (1, 2)]
    return saved_run(experiment=experiment.model_copy(update={"training": training}), epochs=epochs)


def refused(host: Host) -> bool:
    said = " ".join([*host.alerts, *host.texts])
    return "is not the host of this room" in said or "Only the host" in said


def found(words: list[str], phone: Phone) -> list[str]:
    """Which of the words the phone has received, in whatever came."""
    assert phone.received is not None
    everything = b"\n".join(phone.received)
    return [word for word in words if word.encode() in everything]


#: What only the host knows, and what belongs to a result.
OF_LESSON = [
    NOTES, "misconception", *(each.misconception for each in STEP.options if each.misconception), "expect:",
    '"expect"', "1.9..2.1", "combine=mean",
]  # fmt: skip
OF_RESULT = [WHY, VOTES, '"kind":"runs"', AXIS, "median", "The answer: ", "run alone"]


@pytest.mark.takes("a server starts")
def test_nothing_of_a_result_is_received_before_the_reveal(server: Server, folder: Path) -> None:
    async def play() -> None:
        host, phone = Host(server.address), Phone(server.address)
        phone.received = []
        await host.open_room(TITLE)
        train(folder, host.id)
        await phone.join(host.code)
        everybody = [phone, *await joined(server.address, host.code, OTHERS)]
        await lead(host, everybody, "Begin")
        for n, each in enumerate(everybody):
            await answer(each, n % 3)
        await lead(host, everybody, "Freeze", "Let them discuss", "Ask again")
        for each in everybody:
            await answer(each, 1)
        await lead(host, everybody, "Freeze")
        secret = room(folder, host.id)
        never = [NOTES, *(str(secret[name]) for name in ("host_hash", "board_hash", "secret")), host.token]
        aliases = "SELECT alias FROM room_participant WHERE room = ? AND number > 1"
        never += [alias for (alias,) in stored(folder, aliases, host.id)]
        of_others = [f"of {OTHERS + 1}", f"{OTHERS + 1} answered", "percent", "certain of a wrong"]
        await elsewhere(server, phone, int(str(secret["seed"])) + 1)
        assert len(never) == 5 + OTHERS
        assert found([*never, *OF_LESSON, *OF_RESULT, *of_others, str(secret["seed"]), "TrainJob"], phone) == []

        await lead(host, everybody, "Reveal: the votes")
        assert phone.picture("votes")["totals"] == [OTHERS + 1] * 2
        assert [option["right"] for option in phone.picture("votes")["options"]] == [False] * 3, "the verdict is last"
        assert found([WHY, "The answer: ", AXIS], phone) == []
        board = Tab(server.address)
        board.cookies = dict(host.cookies)
        await board.open("room", f"board={host.id}")
        await lead(host, everybody, "Reveal: what was measured")
        assert await board.until(lambda: board.data("room_runs") is not None, PATIENCE)
        assert board.data("room_runs")["expected"] is None
        assert phone.picture("runs")["expected"] is None
        assert found(["The answer: ", AXIS, "run alone", WHY, "the median of the"], phone) == []
        measured = json.loads(phone.picture("runs")["shared"])
        await lead(host, everybody, "Reveal: the verdict")
        assert phone.picture("runs")["expected"] is not None
        ends = [*np.percentile(phone.curves, [2, 98]), *(end for bounds in regions_of(STEP).values() for end in bounds)]
        pad = 0.12 * (max(ends) - min(ends))
        seen = pytest.approx([min(ends) - pad, max(ends) + pad], rel=0.02)
        assert measured["range"] == seen, "the axis is that of the runs and of all options, whichever is right"
        await lead(host, everybody, "Show why")
        assert len(phone.curves) == OTHERS + 1
        assert {*OF_RESULT} - {*found(OF_RESULT, phone)} <= {"The answer: "}, "this test could have found them"
        last = [text for value in phone.picture("axis")["values"] if len(text := f"{value:.5g}") > 5]
        numbers = [measured["lines"], *last]
        assert last
        assert found(numbers, phone) == numbers
        before = phone.received[: next(i for i, each in enumerate(phone.received) if VOTES.encode() in each)]
        assert not [number for number in numbers if number.encode() in b"\n".join(before)]
        assert found([*never, *OF_LESSON[2:-4]], phone) == [], "these are never theirs"
        await leave(host, board, *everybody)

    asyncio.run(play())


async def elsewhere(server: Server, phone: Phone, seed: int) -> None:
    """What other pages show the same visitor meanwhile: nothing of the room's runs."""
    training = STEP.experiment.training.model_copy(update={"seed": seed})
    mine = STEP.experiment.model_copy(update={"training": training})
    query = "&".join(f"{name}={value}" for name, values in write_query(mine).items() for value in values)
    for page, query_, words in (("runs", "", "What have you trained?"), ("train", query, "have not been trained yet")):
        tab = Tab(server.address)
        tab.cookies, tab.received = dict(phone.cookies), phone.received
        await tab.open(page, query_)
        assert any(words in text for text in [*tab.texts, *tab.alerts]) or page == "runs"
        assert not [text for text in tab.texts if re.search(r"Train(ing)? \d+ %|finished: look|running", text)]
        assert not [label for label in ("Open", "Pin") if tab.button(label)], "no run is listed"
        await tab.close()


@pytest.mark.takes("the server starts, if this is its first test")
def test_a_session_that_connects_without_the_hosts_cookie_leads_nothing(server: Server, folder: Path) -> None:
    """The page is drawn, the cookie is deleted, and the browser connects again to its session.

    `tests/pages/test_room.py` has all buttons.
    """

    async def play() -> None:
        host = Host(server.address)
        await host.open_room(TITLE)
        phones = await joined(server.address, host.code, 1)
        await lead(host, phones, "Begin")
        before, freeze = room(folder, host.id), await host.wait_for("Freeze")
        host.forget_host()
        await host.reconnect()
        if host.button(freeze):  # unless the page was drawn again meanwhile, without its buttons
            await host.click(freeze)
        assert await host.until(lambda: refused(host), PATIENCE), (host.alerts, host.texts)
        assert room(folder, host.id) == before
        await leave(host, *phones)

    asyncio.run(play())
