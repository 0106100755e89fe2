"""Another visitor during an attack, and how long they wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from harness.full_room import healthz
from harness.tab import Tab


@dataclass
class Waits:
    """How many seconds other visitors waited for each response."""

    health: list[float] = field(default_factory=list)
    changes: list[float] = field(default_factory=list)


async def bystand(address: str, tab: Tab, waits: Waits, until: Callable[[], bool]) -> None:
    """As another visitor on Train, request `/healthz` and change a setting repeatedly until `until` is true."""
    await tab.expand("section.Training")

    async def check() -> None:
        while not until():
            waits.health.append(await healthz(address))
            await asyncio.sleep(0.05)

    async def change() -> None:
        seed = 0
        while not until():
            seed += 1
            waits.changes.append((await tab.set_number("training.seed", seed)).seconds)
            await asyncio.sleep(0.3)

    await asyncio.gather(check(), change())
