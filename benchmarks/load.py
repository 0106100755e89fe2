"""The load test: `python -m benchmarks.load [--visitors 100] [--seconds 20] [--session-kept 10]`.

Starts the app with two workers on a free loopback port and sends visitors over Streamlit's own WebSocket
(`benchmarks/visitors.py`), on the same cores. Each first loads all files of the page, as a new browser does. On a
machine that takes k times as long as that of the targets, a k-th of the visitors come (`benchmarks/pace.py`).
Prints a table, and exits with code 1 after an error or a missed target.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median, quantiles

import psutil  # type: ignore[import-untyped]

from benchmarks import pace, results
from benchmarks.visitors import Room, visit
from harness.server import Server
from harness.tab import Tab, wait_until_warm

VISITORS, SECONDS = 100, 20.0
WORKERS = 2
WARM_UP = 10
#: Seconds for which Streamlit keeps the session of a visitor who has left. The app itself is configured for 300.
SESSION_SECONDS = 10
#: Seconds after the end of the sessions until the app has returned free memory (every 15 s, backend/web/memory.py).
TRIM_SECONDS = 20
#: Seconds that a load test may take, without the time that it waits for sessions to end.
AT_MOST = 600

Figures = dict[str, float]


@dataclass(frozen=True)
class Target:
    """The largest value that a figure may have."""

    name: str
    at_most: float

    def on(self, slowness: float) -> float:
        """The bound on a machine that takes `slowness` times as long (`pace`). Only bounds of times grow."""
        return self.at_most * slowness if self.name.endswith("_ms") else self.at_most


TARGETS = (
    Target("errors", 0),
    Target("untold", 0),
    Target("first_load_p95_ms", 1500),
    Target("settings_change_p95_ms", 500),
    Target("poll_p95_ms", 500),
    Target("rss_during_mb", 400),
    Target("rss_after_over_before", 1.15),
    Target("bytes_files", 1_000_000),  # of a first load: those in the HTML of Train
    Target("bytes_first_load", 120_000),  # Train opens on a recorded run, with its predictions and weights
    # The first change sends every setting once more; a third of it are the containers of the layout.
    Target("bytes_settings_change", 25_000),
    Target("bytes_poll", 5_000),
)


async def load(
    server: Server, visitors: int, seconds: float, warm_up: int, session_kept: int, slowness: float
) -> tuple[Figures, Room]:
    """Warm up, send all visitors, and wait until their sessions have ended. Returns the figures and what they saw."""
    process = server.family()[0]
    _say(f"{warm_up} visitors warm the server up")
    await _arrive(server.address, range(10_000, 10_000 + warm_up), 2, Room(WORKERS))
    before = await _rss_when_empty(server.address, process, session_kept)
    room = Room(WORKERS)
    _say(f"{visitors} visitors arrive within {seconds:.0f} s")
    cpu = process.cpu_times()
    own = time.process_time()
    started = time.monotonic()
    during = await _largest_rss(process, _arrive(server.address, range(visitors), seconds, room))
    lasted = time.monotonic() - started
    used = process.cpu_times()
    own = time.process_time() - own
    _say("all visitors have left; waiting for their sessions to end")
    after = await _rss_when_empty(server.address, process, session_kept)

    changes = room.seconds("settings_change", saturated=True)
    if not changes:
        _say("the workers were never saturated: the settings changes were measured beside idle workers")
        changes = room.seconds("settings_change")
    figures = {
        "slowness": slowness,
        "visitors": visitors,
        "arrived_within_s": seconds,
        "lasted_s": lasted,
        **_summary("first_load", room.seconds("first_load")),
        **_summary("settings_change", changes),
        **_summary("poll", room.seconds("poll", whole_page=False)),
        **_summary("page_drawn_by_a_poll", room.seconds("poll", whole_page=True)),
        **_summary("click", room.seconds("click")),
        **_summary("train_to_end", room.waits),
        "settings_changes": len(changes),
        "polls": len(room.seconds("poll")),
        "jobs_finished": room.outcomes["finished"],
        "jobs_refused": room.outcomes.total() - room.outcomes["finished"],
        "jobs_per_s": room.outcomes["finished"] / max(room.last_end - room.first_click, 0.001),
        "errors": len(room.errors),
        "untold": visitors - room.outcomes.total(),
        "rss_before_mb": before,
        "rss_during_mb": during,
        "rss_after_mb": after,
        "rss_after_over_before": after / before,
        **_summary("files", room.seconds("files")),
        **({"bytes_files": max(sizes)} if (sizes := room.sizes("files")) else {}),
        "bytes_first_load": _middle(room.sizes("first_load")),
        "bytes_settings_change": _middle(room.sizes("settings_change")),
        "bytes_poll": _middle(room.sizes("poll", whole_page=False)),
        "server_cpu_share": (used.user + used.system - cpu.user - cpu.system) / lasted,
        "generator_cpu_share": own / lasted,
    }
    return figures, room


async def _arrive(address: str, numbers: Iterable[int], seconds: float, room: Room) -> None:
    """Send visitors evenly over `seconds` and wait until the last has left."""
    numbers = list(numbers)

    async def one(place: int, number: int) -> None:
        await asyncio.sleep(seconds * place / len(numbers))
        await visit(address, number, room)

    await asyncio.gather(*(one(place, number) for place, number in enumerate(numbers)))


async def _rss_when_empty(address: str, process: psutil.Process, session_kept: int) -> float:
    """Resident MB of the server without sessions. Streamlit ends old sessions when the next visitor leaves."""
    await asyncio.sleep(session_kept + 1)
    last = Tab(address)
    await last.open("train")
    await last.close()
    await asyncio.sleep(TRIM_SECONDS)
    return _rss(process)


async def _largest_rss(process: psutil.Process, work: Awaitable[None]) -> float:
    running = asyncio.ensure_future(work)
    largest = 0.0
    while not running.done():
        largest = max(largest, _rss(process))
        await asyncio.wait([running], timeout=0.5)
    await running
    return largest


def _say(what: str) -> None:
    print(f"{datetime.now():%H:%M:%S} {what} …", file=sys.stderr, flush=True)


def _rss(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / 2**20


def _summary(name: str, seconds: list[float]) -> Figures:
    """Median, 95th percentile and maximum in ms."""
    if not seconds:
        return {}
    p95 = quantiles(seconds, n=20, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]
    found = {"median": median(seconds), "p95": p95, "max": max(seconds)}
    return {f"{name}_{which}_ms": 1000 * value for which, value in found.items()}


def _middle(values: list[float]) -> float:
    return median(values) if values else 0.0


def missed(figures: Figures, targets: Iterable[Target] = TARGETS) -> list[str]:
    """A line for each target that was missed or not measured. `slowness` is one of the figures, or 1."""
    found = []
    for target in targets:
        value = figures.get(target.name)
        if value is None:
            found.append(f"{target.name}: not measured")
        elif value > (most := target.on(figures.get("slowness", 1.0))):
            found.append(f"{target.name}: {value:,.2f}, at most {most:,.2f}")
    return found


async def measure(
    visitors: int, seconds: float, warm_up: int = WARM_UP, session_kept: int = SESSION_SECONDS, slowness: float = 1.0
) -> tuple[Figures, Room]:
    """Start the app, run the load test and stop the app, on a machine that takes `slowness` times as long (`pace`)."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        kept = {"STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": str(session_kept), "TWOHEADS_STATE_DIR": folder}
        server = Server(log, WORKERS, kept)
        try:
            async with asyncio.timeout(AT_MOST + 2 * session_kept):
                _say("the app and its workers start")
                await asyncio.to_thread(server.wait_until_healthy)
                await wait_until_warm(server.address)
                figures, room = await load(server, visitors, seconds, warm_up, session_kept, slowness)
        finally:
            left = await asyncio.to_thread(server.stop)
        if left:
            room.errors.append(f"processes outlived the server: {left}")
        if "Traceback" in (text := log.read_text()):
            room.errors.append(f"the server's log has a traceback: …{text[text.index('Traceback') :][:1500]}")
        figures["errors"] = len(room.errors)
        return figures, room


def _stay_on_two_cores() -> int | None:
    """Pin this process and its children to two cores, for which the targets are. Returns how many cores are used."""
    if not hasattr(os, "sched_setaffinity"):
        return os.cpu_count()
    some = sorted(os.sched_getaffinity(0))[:2]
    os.sched_setaffinity(0, some)
    return len(some)


def main() -> None:
    """Run the load test and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=VISITORS)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="in which the visitors arrive")
    parser.add_argument(
        "--session-kept",
        type=int,
        default=SESSION_SECONDS,
        help="seconds; 300 in the app",
    )
    given = parser.parse_args()
    cores = _stay_on_two_cores()
    slowness = pace.slowness()
    visitors = given.visitors if slowness <= pace.ALIKE else max(1, round(given.visitors / slowness))
    print(pace.note(slowness), file=sys.stderr)
    figures, room = asyncio.run(measure(visitors, given.seconds, session_kept=given.session_kept, slowness=slowness))
    if (given.visitors, given.seconds) == (VISITORS, SECONDS) and slowness <= pace.ALIKE:  # what the documents describe
        machine = {"cores": cores, "workers": WORKERS, "session_kept_s": given.session_kept}
        results.write("load", {**figures, "outcomes": room.outcomes}, machine)
    limits = {target.name: f"  at most {target.on(slowness):,.2f}" for target in TARGETS}
    width = max(map(len, figures))
    for name, value in figures.items():
        print(f"{name:{width}}  {value:12,.2f}{limits.get(name, '')}")
    for sentence, times in room.outcomes.most_common():
        print(f"{times} × {sentence}")
    for error in room.errors[:20]:
        print(f"error: {error}", file=sys.stderr)
    misses = missed(figures)
    for miss in misses:
        print(f"missed: {miss}", file=sys.stderr)
    sys.exit(1 if misses else 0)


if __name__ == "__main__":
    main()
