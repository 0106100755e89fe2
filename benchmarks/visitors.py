"""One visitor of the load test: opens Train, changes settings, trains once, watches to the end and leaves."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field

from harness.client import Broken, ScriptRun
from harness.tab import Tab

#: Seconds between two actions: at least this, at most twice this.
THINK = 0.8
#: Seconds after Train within which a visitor has to see the run end, or read why it did not run.
END_WITHIN = 240.0
FINISHED = "trained in"


@dataclass
class Room:
    """What all visitors of one load test saw."""

    workers: int
    runs: list[tuple[ScriptRun, bool]] = field(default_factory=list)  # True: the workers were saturated when it ended
    errors: list[str] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    training: int = 0  # visitors whose training has not ended
    first_click: float = 0.0
    last_end: float = 0.0
    waits: list[float] = field(default_factory=list)  # seconds from Train to the end

    def note(self, run: ScriptRun) -> None:
        """Record a script run that has ended."""
        self.runs.append((run, self.training >= self.workers))

    def seconds(self, what: str, whole_page: bool | None = None, saturated: bool = False) -> list[float]:
        """How long each script run of that kind took."""
        return [each.seconds for each in self._of(what, whole_page, saturated)]

    def sizes(self, what: str, whole_page: bool | None = None) -> list[float]:
        """Bytes received for each script run of that kind."""
        return [each.size for each in self._of(what, whole_page, False)]

    def _of(self, what: str, whole_page: bool | None, saturated: bool) -> list[ScriptRun]:
        return [
            each
            for each, busy in self.runs
            if each.what == what and whole_page in (None, each.whole_page) and (busy or not saturated)
        ]


async def visit(address: str, number: int, room: Room) -> None:
    """Be visitor `number`. No two train the same: each has its own seed, and every second one its own LSTM size."""
    tab = Tab(address, room.note, files=True)
    chance = random.Random(number)
    changes = [
        ("training.seed", 1000 + number),
        ("sequences.seed", number % 7),
        ("training.epochs", 15 + number % 10),
        ("sequences.samples", 512 + 32 * (number % 8)),
        ("training.learning_rate", 0.001 + 0.0001 * (number % 5)),
    ]
    try:
        await tab.open("train", f"lstm={16 + number // 2 % 48}" if number % 2 else "")
        for fold in ("Training", "Sequences"):
            await _think(chance)
            await tab.expand(f"section.{fold}")
        for key, value in changes:
            await _think(chance)
            await tab.set_number(key, value)
        await _think(chance)
        await _train(tab, room)
    except Exception as error:
        room.errors.append(f"visitor {number}: {type(error).__name__}: {error}")
    finally:
        await tab.close()


async def _train(tab: Tab, room: Room) -> None:
    room.training += 1
    begun = time.monotonic()
    room.first_click = room.first_click or begun
    try:
        await tab.click("Train")
        ended = await tab.until(lambda: bool(tab.alerts) or _finished(tab), END_WITHIN)
    finally:
        room.training -= 1
    if not ended:
        raise Broken(f"neither an end nor a reason within {END_WITHIN:.0f} s of Train")
    room.outcomes["finished" if _finished(tab) else tab.alerts[-1]] += 1
    room.last_end = time.monotonic()
    room.waits.append(room.last_end - begun)


def _finished(tab: Tab) -> bool:
    return any(FINISHED in text for text in tab.texts)


async def _think(chance: random.Random) -> None:
    await asyncio.sleep(chance.uniform(THINK, 2 * THINK))
