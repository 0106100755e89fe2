"""The rehearsal of a room: `python -m benchmarks.rehearse [--participants 1000] [--lesson factor-of-two]`.

Starts the app with `--workers` workers (by default, those of `TWOHEADS_WORKERS`), and plays the lesson with a host, a
board and participants: ten in Chromium, two of them on a slow network, the others as `harness.phone`. Prints go or
no-go for each step. Meanwhile, the workers train the room's seeds, on the same cores. Exits with code 1 after a no-go,
an error or a missed target.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from backend.config.environment import settings
from backend.database.database import FILE
from backend.lessons import Lesson, Step
from backend.lessons.library import SHIPPED, load
from benchmarks import pace, results
from benchmarks.load import Figures, Target, _say, _summary, missed
from benchmarks.real_phones import RealPhone, opened
from harness.client import Broken, ScriptRun
from harness.host import Host
from harness.phone import Board, Phone
from harness.server import Server
from harness.tab import wait_until_warm

PARTICIPANTS, LESSON = 1000, "factor-of-two"
#: In a room with at most this many people, a step without all runs is a no-go. A server cannot train more in time.
ALL_TRAINED = 100
#: Seconds within which all join, and within which all answer.
JOIN_WITHIN, ANSWER_WITHIN = 15.0, 8.0
#: Seconds in which nobody does anything, to see what waiting costs.
IDLE = 5.0
#: What a phone's status says after the host has pressed a button.
_SHOWN = {
    "Freeze": "Answers are frozen.",
    "Reveal: the votes": "The votes.",
    "Reveal: the verdict": "The result is here.",
}

#: An answer by step, round and participant.
Key = tuple[int, int, int]

TARGETS = (
    Target("errors", 0),
    Target("lost", 0),
    Target("early", 0),
    Target("joined_within_ms", 20_000),
    Target("join_p95_ms", 500),
    Target("slow_join_ms", 4000),  # at 400 kbit/s and 300 ms
    Target("join_requests", 8),  # of Chromium
    Target("join_bytes", 60_000),
    Target("answer_p95_ms", 300),
    Target("advance_last_ms", 1000),
    Target("board_behind_max_ms", 500),
    Target("phone_cpu_ms", 0.3),  # of a press
    Target("phone_descriptors", 2),
    Target("phone_memory_kb", 60),
    Target("rss_during_mb", 450),
)


@dataclass
class Played:
    """One step, with times in seconds.

    `ready_s` is how long its result took, `planned_s` how long people think and discuss (it grows with `slowness`).
    `advances` has each press of the host: when the last phone showed it, and the button. `needed` says whether all runs
    have to be ready.
    """

    id: str
    ready_s: float | None = None  # None: not within the time to think and discuss
    planned_s: float = 0.0
    advances: list[tuple[float, str]] = field(default_factory=list)
    needed: bool = True
    share: float = 1.0

    @property
    def go(self) -> bool:
        """Whether nobody would have waited for the result. A large class sees the runs that are ready."""
        return self.ready_s is not None or not self.needed


@dataclass
class Rehearsal:
    """What was measured of the whole lesson. `slowness`: how many times as long participants take (`pace`)."""

    slowness: float = 1.0
    runs: list[ScriptRun] = field(default_factory=list)
    steps: list[Played] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    acknowledged: dict[Key, int] = field(default_factory=dict)
    board_behind: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    real: list[RealPhone] = field(default_factory=list)
    early: int = 0
    descriptors: float = 0.0  # of a phone
    memory: float = 0.0  # bytes of a phone
    joined_within: float = 0.0
    idle_cpu: float = 0.0
    rss: float = 0.0

    def seconds(self, what: str) -> list[float]:
        """How long each script run of that kind took."""
        return [run.seconds for run in self.runs if run.what == what]


class Play:
    """The host, the board and the phones of one room."""

    def __init__(
        self, server: Server, lesson: Lesson, participants: int, found: Rehearsal, real: Sequence[RealPhone]
    ) -> None:
        self._server, self._lesson, self._found, self._real = server, lesson, found, real
        self._process = server.family()[0]
        self._host = Host(server.address)
        self._board = Board(server.address)
        self._phones = [Phone(server.address, found.runs.append, files=True) for _ in range(participants - len(real))]
        self._chance = random.Random(0)

    async def lesson(self) -> None:
        """Open the room, let all join, and play every step."""
        code = await self._open()
        await self._join(code)
        for position, step in enumerate(self._lesson.steps):
            await self._step(position, step)
            self._found.rss = max(self._found.rss, self._process.memory_info().rss / 2**20)
        await self._advance("End the lesson")
        await asyncio.gather(
            *(tab.close() for tab in (self._host, self._board)), *(each.close() for each in self._phones)
        )

    async def _open(self) -> str:
        await self._host.open_room(self._lesson.title)
        await self._board.open(self._host.id)
        return self._host.code

    async def _join(self, code: str) -> None:
        _say(f"{len(self._phones)} participants join")
        before = self._process.num_fds(), self._process.memory_info().rss
        began = time.monotonic()

        async def one(place: int, phone: Phone) -> None:
            await asyncio.sleep(self._found.slowness * JOIN_WITHIN * place / len(self._phones))
            await phone.join(code)

        await self._all(one(place, phone) for place, phone in enumerate(self._phones))
        self._found.joined_within = time.monotonic() - began
        self._found.descriptors = (self._process.num_fds() - before[0]) / len(self._phones)
        self._found.memory = (self._process.memory_info().rss - before[1]) / len(self._phones)
        for phone in self._real:  # one after the other, so that each time is that of a phone
            await self._all([phone.join(self._server.address, code)])
        self._found.real = list(self._real)
        cpu = self._cpu()
        await asyncio.sleep(IDLE)
        self._found.idle_cpu = (self._cpu() - cpu) / IDLE

    async def _step(self, position: int, step: Step) -> None:
        _say(f"step {position + 1}: {step.title}")
        ask = step.block.ask
        played = Played(step.id, planned_s=self._found.slowness * (ask.think + ask.discuss))
        played.needed = step.block.run != "seed" or self._count <= ALL_TRAINED
        self._found.steps.append(played)
        opened = time.monotonic()
        await self._advance("Begin" if position == 0 else "Next question", played)
        await self._answer(position, 1)
        await self._advance("Freeze", played)
        if ask.rounds == 2:
            await self._advance("Let them discuss", played)
            await self._advance("Ask again", played)
            await self._answer(position, 2)
            await self._advance("Freeze", played)
        left = played.planned_s - (time.monotonic() - opened) if played.needed else 0.0
        if await self._ready(max(left, 1.0)):
            played.ready_s = time.monotonic() - opened
        played.share = self._share_ready()
        self._found.early += sum(phone.page["phase"] == "result" for phone in self._phones)
        await self._advance("Reveal: the votes", played)
        await self._advance("Reveal: what was measured", played)
        if step.block.run == "seed":
            without = sum('class="run"' not in phone.html for phone in self._phones)
            if without and played.ready_s is not None:
                self._found.errors.append(f"{step.id}: {without} phones have no curves")
        await self._advance("Reveal: the verdict", played)
        if step.why:
            await self._advance("Show why", played)

    async def _advance(self, label: str, played: Played | None = None) -> None:
        """Press the host's button and wait until the last phone shows the change."""
        before = max(phone.drawn for phone in self._phones)
        button = await self._host.wait_for(label)
        cpu, began = self._cpu(), time.monotonic()
        await self._host.click(button)
        await self._all(phone.until_drawn(before + 1) for phone in self._phones)
        await self._all(phone.shows(_SHOWN[label]) for phone in self._real if label in _SHOWN)
        last = max(phone.drawn_at for phone in self._phones) - began
        self._found.cpu.append((self._cpu() - cpu) / len(self._phones))
        if played is not None:
            played.advances.append((last, label))

    async def _answer(self, position: int, round: int) -> None:
        async def one(phone: Phone) -> None:
            await asyncio.sleep(self._found.slowness * self._chance.uniform(0, ANSWER_WITHIN))
            option = self._chance.randrange(phone.html.count('name="answer"'))
            if await phone.answer(option):
                self._found.acknowledged[position, round, phone.number] = option

        await self._all(one(phone) for phone in self._phones)
        for i, phone in enumerate(self._real):
            await self._all([phone.answer(i % 2)])
        began, count = time.monotonic(), self._count
        if await self._board.until(lambda: f"{count} of {count} answered" in self._board.page.get("more", ()), 30):
            self._found.board_behind.append(time.monotonic() - began)
        else:
            self._found.errors.append("the board does not count all answers")

    @property
    def _count(self) -> int:
        """All participants."""
        return len(self._phones) + len(self._real)

    async def _ready(self, seconds: float) -> bool:
        """Wait until the host reads that the result is there; False if it is not within so many seconds."""
        count = self._count
        words = (f"{count} of {count} runs ready", "1 of 1 run ready", "the result is ready")

        def ready() -> bool:
            return any(each in text for text in self._host.texts for each in words)

        return await self._host.until(ready, seconds)

    def _share_ready(self) -> float:
        """Which share of the current step's runs the host reads to be ready; 1 if it needs none."""
        found = [re.search(r"(\d+) of (\d+) runs? ready", text) for text in self._host.texts]
        return min((int(each[1]) / int(each[2]) for each in found if each), default=1.0)

    def _cpu(self) -> float:
        used = self._process.cpu_times()
        return float(used.user + used.system)

    async def _all(self, work: Iterable[Awaitable[None]]) -> None:
        for result in await asyncio.gather(*work, return_exceptions=True):
            if isinstance(result, BaseException):
                self._found.errors.append(f"{type(result).__name__}: {result}")


def figures(found: Rehearsal, lost: int) -> Figures:
    """The figures of a rehearsal. `lost` is how many acknowledged answers the database does not have."""
    advances = [seconds for step in found.steps for seconds, _ in step.advances]
    return {
        "slowness": found.slowness,
        **_summary("join", found.seconds("join")),
        **_summary("files", found.seconds("files")),
        **_summary("answer", found.seconds("answer")),
        "joined_within_ms": 1000 * found.joined_within,
        **_summary("advance", advances),
        **({"advance_last_ms": 1000 * max(advances)} if advances else {}),
        "board_behind_max_ms": 1000 * max(found.board_behind, default=0.0),
        "idle_cpu_share": found.idle_cpu,
        **({"phone_cpu_ms": 1000 * median(found.cpu)} if found.cpu else {}),
        "phone_descriptors": found.descriptors,
        "phone_memory_kb": found.memory / 1000,
        **_of_real_phones(found.real),
        "rss_during_mb": found.rss,
        "acknowledged": len(found.acknowledged),
        "errors": len(found.errors),
        "lost": lost,
        "early": found.early,
    }


def _of_real_phones(phones: Sequence[RealPhone]) -> Figures:
    """What the phones in Chromium needed to join; of the slow ones the longest time."""
    slow = [phone.seconds for phone in phones if phone.slow]
    if not slow:
        return {}
    return {
        "slow_join_ms": 1000 * max(slow),
        "chromium_join_ms": 1000 * median(phone.seconds for phone in phones if not phone.slow),
        "join_requests": max(phone.requests for phone in phones),
        "join_bytes": max(phone.size for phone in phones),
    }


async def rehearse(lesson: Lesson, participants: int, workers: int, slowness: float = 1.0) -> tuple[Figures, Rehearsal]:
    """Start the app, play the lesson, and stop the app. Participants take `slowness` times as long."""
    found = Rehearsal(slowness)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        server = Server(log, workers, {"TWOHEADS_STATE_DIR": folder})
        try:
            _say("the app and its workers start")
            await asyncio.to_thread(server.wait_until_healthy)
            await wait_until_warm(server.address)
            async with opened() as real:
                await Play(server, lesson, participants, found, real[: participants // 2]).lesson()
        except Broken as broken:
            found.errors.append(str(broken))
        finally:
            await asyncio.to_thread(server.stop)
        if "Traceback" in (text := log.read_text()):
            found.errors.append(f"the server's log has a traceback: …{text[text.index('Traceback') :][:1500]}")
        stored = _stored(Path(folder, FILE))
        return figures(found, sum(stored.get(key) != option for key, option in found.acknowledged.items())), found


def _stored(database: Path) -> dict[Key, int]:
    """The stored option of each answer."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT step, round, number, option FROM room_answer").fetchall()
    return {(step, round, number): option for step, round, number, option in rows}


def _when(seconds: float | None) -> str:
    return "not ready in time" if seconds is None else f"ready after {seconds:.0f} s"


def main() -> None:
    """Play the lesson, print what was measured, and say go or no-go."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--participants", type=int, default=PARTICIPANTS)
    parser.add_argument("--lesson", default=LESSON)
    parser.add_argument("--workers", type=int, default=settings().workers)
    given = parser.parse_args()
    lesson = load(SHIPPED, *filter(None, [settings().lessons])).lesson(given.lesson)
    if lesson is None:
        parser.error(f"there is no lesson {given.lesson!r}")
    slowness = pace.slowness()
    print(pace.note(slowness), file=sys.stderr)
    measured, found = asyncio.run(rehearse(lesson, given.participants, given.workers, slowness))
    for name, value in measured.items():
        print(f"{name:28} {value:10,.1f}")
    for played in found.steps:
        slowest, button = max(played.advances, default=(0.0, ""))
        print(
            f"{'go   ' if played.go else 'NO-GO'} {played.id}: all of its result was {_when(played.ready_s)} "
            f"({played.planned_s:.0f} s to think and discuss), {played.share:.0%} of its runs at the reveal, "
            f"the last phone {slowest:.1f} s after {button!r}"
        )
    # A press costs a server something in any class, so its time for each phone is that of a large one.
    small = given.participants <= ALL_TRAINED
    misses = missed(measured, [each for each in TARGETS if not (small and each.name == "phone_cpu_ms")])
    for line in [*misses, *found.errors[:10]]:
        print(line, file=sys.stderr)
    usual = (given.participants, given.lesson) == (PARTICIPANTS, LESSON)
    if usual and slowness <= pace.ALIKE:  # what the documents describe
        results.write("rehearse", measured, {"participants": given.participants, "lesson": LESSON})
    sys.exit(bool(misses or found.errors or not all(played.go for played in found.steps)))


if __name__ == "__main__":
    main()
