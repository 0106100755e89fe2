"""A participant receives nothing of a result before the reveal, and without the host's cookie nobody leads."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from backend.experiment.url import write_query
from backend.lessons import parse
from backend.rooms.class_result import regions_of
from backend.rooms.tokens import digest
from harness.host import Host
from harness.phone import Phone
from harness.server import Server
from harness.tab import PATIENCE, Tab
from tests.builders.playing import LESSON, NOTES, TITLE, WHY, answer, joined, lead, leave, started, stored

pytestmark = pytest.mark.jobs

STEP = parse(LESSON).steps[0]
OTHERS = 8
VOTES, AXIS = '"kind":"votes"', '"kind":"axis"'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("room")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    with started(folder, workers=1) as running:
        yield running


def room(folder: Path, id: str) -> dict[str, object]:
    names = ("host_hash", "board_hash", "secret", "seed", "state", "version")
    return dict(zip(names, stored(folder, f"SELECT {', '.join(names)} FROM room WHERE id = ?", id)[0], strict=True))


def ready(host: Host) -> bool:
    return any(f"{OTHERS + 1} of {OTHERS + 1} runs ready" in text for text in host.texts)


def refused(host: Host) -> bool:
    said = " ".join([*host.alerts, *host.texts])
    return "is not the host of this room" in said or "Only the host" in said


def alerted(tab: Tab, words: str) -> bool:
    return any(words in text for text in tab.alerts)


def found(words: list[str], phone: Phone) -> list[str]:
    """Which of the words the phone has received, in whatever came."""
    assert phone.received is not None
    everything = b"\n".join(phone.received)
    return [word for word in words if word.encode() in everything]


@pytest.mark.takes("a server with a worker starts, and a class is trained")
def test_nothing_of_a_result_is_received_before_the_reveal(server: Server, folder: Path) -> None:
    async def play() -> None:
        host, phone = Host(server.address), Phone(server.address)
        phone.received = []
        await host.open_room(TITLE)
        await phone.join(host.code)
        others = await joined(server.address, host.code, OTHERS)
        everybody = [phone, *others]
        await lead(host, everybody, "Begin")
        for n, each in enumerate(everybody):
            await answer(each, n % 3)
        assert await host.until(lambda: ready(host), 300), host.texts
        await lead(host, everybody, "Freeze", "Let them discuss", "Ask again")
        for each in everybody:
            await answer(each, 1)
        await lead(host, everybody, "Freeze")
        secret = room(folder, host.id)
        of_host = [str(secret["host_hash"]), str(secret["board_hash"]), str(secret["secret"]), host.token]
        aliases = [alias for number, alias in stored(
            folder, "SELECT number, alias FROM room_participant WHERE room = ?", host.id) if number > 1]  # fmt: skip
        assert len(aliases) == OTHERS
        wrong = [option.misconception for option in STEP.options if option.misconception]
        of_lesson = [
            NOTES,
            "misconception",
            *wrong,
            "expect:",
            '"expect"',
            "1.9..2.1",
            "combine=mean",
            str(secret["seed"]),
        ]
        of_result = [
            WHY,
            '"kind":"votes"',
            '"kind":"runs"',
            '"kind":"axis"',
            "median",
            "The answer",
            "run alone",
        ]
        of_others = [*aliases, f"of {OTHERS + 1}", f"{OTHERS + 1} answered", "percent", "certain of a wrong"]
        await elsewhere(server, phone, int(str(secret["seed"])) + 1)
        assert found([*of_host, *of_lesson, *of_result, *of_others, "TrainJob"], phone) == []

        await lead(host, everybody, "Reveal: the votes")
        assert phone.picture("votes")["totals"] == [OTHERS + 1] * 2
        assert [option["right"] for option in phone.picture("votes")["options"]] == [False] * 3, "the verdict is last"
        assert found([VOTES], phone) == [VOTES]
        assert found([WHY, "The answer", AXIS], phone) == []
        board = Tab(server.address)
        board.cookies = dict(host.cookies)
        await board.open("room", f"board={host.id}")
        await lead(host, everybody, "Reveal: what was measured")
        assert await board.until(lambda: board.data("room_runs") is not None, PATIENCE)
        assert board.data("room_runs")["expected"] is None
        assert phone.picture("runs")["expected"] is None
        assert found(["The answer", AXIS, "run alone", WHY, "the median of the"], phone) == []
        measured = json.loads(phone.picture("runs")["shared"])
        await lead(host, everybody, "Reveal: the verdict")
        assert phone.picture("runs")["expected"] is not None
        ends = [*np.percentile(phone.curves, [2, 98]), *(end for bounds in regions_of(STEP).values() for end in bounds)]
        pad = 0.12 * (max(ends) - min(ends))
        seen = pytest.approx([min(ends) - pad, max(ends) + pad], rel=0.02)
        assert measured["range"] == seen, "the axis is that of the runs and of all options, whichever is right"
        await lead(host, everybody, "Show why")
        assert len(phone.curves) == OTHERS + 1
        seen = found(of_result, phone)
        assert set(of_result) - set(seen) <= {"The answer"}, "this test could have found them"
        last = [text for value in phone.picture("axis")["values"] if len(text := f"{value:.5g}") > 5]
        numbers = [measured["lines"], *last]
        assert last
        assert found(numbers, phone) == numbers
        before = phone.received[: next(i for i, each in enumerate(phone.received) if VOTES.encode() in each)]
        assert not [number for number in numbers if number.encode() in b"\n".join(before)]
        assert found([*of_host, NOTES, *wrong, *aliases], phone) == [], "these are never theirs"
        await leave(host, *everybody)
        await board.close()

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


#: Some of the host's buttons in a question with answers, by the beginnings of their labels. `tests/pages/test_room.py`
#: has all of them.
BUTTONS = ["Freeze", "Make a link", "Delete"]


@pytest.mark.takes("the server starts, if this is its first test")
def test_a_session_that_connects_without_the_hosts_cookie_leads_nothing(server: Server, folder: Path) -> None:
    """The page is drawn, the cookie is deleted, and the browser connects again to its session."""

    async def play() -> None:
        host = Host(server.address)
        await host.open_room(TITLE)
        phones = await joined(server.address, host.code, 1)
        await lead(host, phones, "Begin")
        await host.expand("room.more")
        assert await host.until(lambda: all(map(host.button, BUTTONS)), PATIENCE)
        before = room(folder, host.id), stored(folder, "SELECT * FROM room_participant WHERE room = ?", host.id)
        mine = dict(host.cookies)
        for label in BUTTONS:
            host.forget_host()
            await host.reconnect()
            if button := host.button(label):  # unless the page was drawn again meanwhile, without its buttons
                await host.click(button)
            assert await host.until(lambda: refused(host), PATIENCE), (label, host.alerts, host.texts)
            assert (room(folder, host.id), stored(
                folder, "SELECT * FROM room_participant WHERE room = ?", host.id)) == before, label  # fmt: skip
            host.cookies = dict(mine)
            await host.reconnect()
            await host.open("room", f"host={host.id}")
            if label != BUTTONS[-1]:
                await host.expand("room.more")
        assert digest(host.token) == before[0]["host_hash"]
        await leave(host, *phones)

    asyncio.run(play())


def test_a_board_that_is_open_ends_with_its_link_and_phones_with_their_room(server: Server) -> None:
    async def play() -> None:
        host, board = Host(server.address), Tab(server.address)
        await host.open_room(TITLE)
        await host.expand("room.more")
        host.received = []
        await host.advance("Make a link")
        link = re.compile(rb"/rooms/board/[\w-]+/[\w-]+")
        assert await host.until(lambda: link.search(b"".join(host.received)) is not None, PATIENCE)
        (path,) = set(link.findall(b"".join(host.received)))
        await board.get(path.decode())
        await board.open("room", f"board={host.id}")
        phones = await joined(server.address, host.code, 2)
        assert await board.until(lambda: any("2 people have joined" in text for text in board.texts), PATIENCE)
        await host.advance("Make a link")
        assert await board.until(partial(alerted, board, "may not show the board"), PATIENCE)
        assert not [text for text in board.texts if host.code in text]
        await host.advance("Delete the room")
        for phone in phones:
            assert await phone.until(lambda phone=phone: phone.gone == "This room does not exist any more.")
        await leave(host, *phones)
        await board.close()

    asyncio.run(play())
