"""How much a hostile visitor slows down the others: `python -m benchmarks.flood [scenario …]`.

Starts the app on a free loopback port for each scenario, with two workers or one. A flood of `SCENARIOS` sends
`rerun_script` messages from another process, over raw WebSockets. Each has a cookie of its own, and answers no close
frame. Meanwhile this process measures how long `/healthz` and another visitor's settings changes take. The scenarios of
a crowd (`benchmarks/crowd.py`) fill the queue, and those of strangers (`benchmarks/strangers.py`) open connections.
Prints a table, stores the worst figures, and exits with code 1 if a bound is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import psutil  # type: ignore[import-untyped]
from streamlit.proto.BackMsg_pb2 import BackMsg

from backend.web.cookie import COOKIE, new_visitor
from benchmarks import crowd, pace, results, strangers
from benchmarks.bystander import Waits, bystand
from benchmarks.load import Target
from harness.server import Server
from harness.tab import Tab, wait_until_warm

WORKERS = 2
#: Seconds after a flood within which the server has to respond as before, and then to return its memory.
RECOVERY, MEMORY_BACK = 3.0, 45.0
#: The most MB of resident memory that remain after a flood: cached pages, and memory that the allocator keeps.
MEMORY_MB = 40.0

HEAVY = "lstm=256,256,256&" + "&".join(f"head=h{number}.level" for number in range(64))


@dataclass(frozen=True)
class Scenario:
    """A flood, and how many seconds other visitors may wait during it."""

    sockets: int
    per_second: float | None  # messages of each WebSocket; None: as fast as the server reads
    seconds: float
    health_at_most: float
    change_at_most: float
    query: str = ""

    @property
    def bounds(self) -> dict[str, float]:
        """The most that each of these figures may be."""
        return {
            "/healthz, worst (s)": self.health_at_most,
            "another visitor's change, worst (s)": self.change_at_most,
            "last /healthz of the recovery (s)": 0.5,
            "last change of the recovery (s)": 0.5,
            "memory kept (MB)": MEMORY_MB,
        }


SCENARIOS = {
    "fast": Scenario(1, 2000, 4, 1.0, 1.5),
    "unthrottled": Scenario(1, None, 8, 2.0, 2.0),
    "heavy": Scenario(10, 20, 8, 2.0, 2.0, HEAVY),
}
#: The bounds that the documents show.
TARGETS = (
    *(Target(f"{name}_change_s", scenario.change_at_most) for name, scenario in SCENARIOS.items()),
    *(Target(f"{name}_begins_s", people.begins_within) for name, people in crowd.CROWDS.items()),
    *(
        Target(f"{name}_health_s", room.bounds["/healthz, worst (s)"])
        for name, room in strangers.STRANGERS.items()
        if "/healthz, worst (s)" in room.bounds
    ),
)


def flood(address: str, scenario: Scenario) -> int:
    """Send the scenario's messages and return how many were sent. Runs in a process of its own."""
    return asyncio.run(_flood(address, scenario))


async def _flood(address: str, scenario: Scenario) -> int:
    return sum(await asyncio.gather(*(_one_socket(address, scenario) for _ in range(scenario.sockets))))


async def _one_socket(address: str, scenario: Scenario) -> int:
    host, _, port = address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(
        f"GET /_stcore/stream HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Protocol: streamlit\r\nCookie: {COOKIE}={new_visitor()}\r\n\r\n".encode()
    )
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 101 " not in head:
        raise RuntimeError(f"no websocket: {head[:100]!r}")
    reading = asyncio.create_task(_read(reader))
    message = BackMsg()
    message.rerun_script.query_string = scenario.query
    frame = _frame(message.SerializeToString())
    sent = 0
    end = time.monotonic() + scenario.seconds
    begun = time.monotonic()
    with suppress(OSError, TimeoutError):  # the server closed the connection, or stopped reading
        async with asyncio.timeout(scenario.seconds):
            while time.monotonic() < end:
                due = 1000 if scenario.per_second is None else _due(begun, scenario.per_second) - sent
                if due > 0:
                    writer.write(frame * due)
                    await writer.drain()
                    sent += due
                await asyncio.sleep(0 if scenario.per_second is None else 0.002)
    reading.cancel()
    writer.transport.abort()
    return sent


async def _read(reader: asyncio.StreamReader) -> None:
    """Receive and ignore what the server sends."""
    while await reader.read(1 << 16):
        pass


def _due(begun: float, per_second: float) -> int:
    return int((time.monotonic() - begun) * per_second)


def _frame(payload: bytes) -> bytes:
    """A WebSocket client's binary frame, masked with zeros."""
    size = len(payload)
    length = bytes([0x80 | size]) if size < 126 else bytes([0x80 | 126]) + size.to_bytes(2, "big")
    return b"\x82" + length + b"\0\0\0\0" + payload


async def measure(server: Server, scenario: Scenario) -> dict[str, float]:
    """Flood the server once. Returns how long others waited, during the flood and after it, and the server's memory."""
    process = server.family()[0]
    tab = Tab(server.address)
    await tab.open("train")
    before = _mb(process)
    during, after = Waits(), Waits()
    with get_context("spawn").Pool(1) as pool:
        flooding = pool.apply_async(flood, (server.address, scenario))
        await bystand(server.address, tab, during, flooding.ready)
        sent = flooding.get()
    largest = _mb(process)
    end = time.monotonic() + RECOVERY
    await bystand(server.address, tab, after, lambda: time.monotonic() > end)
    back = await _until(lambda: _mb(process) < before + MEMORY_MB, MEMORY_BACK)
    await tab.close()
    return {
        "messages sent": sent,
        "/healthz, worst (s)": max(during.health),
        "another visitor's change, worst (s)": max(during.changes),
        "last /healthz of the recovery (s)": after.health[-1],
        "last change of the recovery (s)": after.changes[-1],
        "memory before (MB)": before,
        "memory at the end of the flood (MB)": largest,
        "memory kept (MB)": _mb(process) - before,
        "seconds until the memory was back": back,
    }


async def _until(condition: Callable[[], bool], at_most: float) -> float:
    """Seconds until `condition` is true, or `at_most`."""
    begun = time.monotonic()
    while not condition() and time.monotonic() - begun < at_most:
        await asyncio.sleep(0.5)
    return time.monotonic() - begun


def missed(bounds: Mapping[str, float], figures: Mapping[str, float]) -> list[str]:
    """A line for each bound that the figures miss. What was not measured is infinite."""
    values = {name: figures.get(name, float("inf")) for name in bounds}
    return [f"{name}: {values[name]:,.2f}, at most {most:,.2f}" for name, most in bounds.items() if values[name] > most]


def as_on_the_machine_of_the_targets(figures: Mapping[str, float], slowness: float) -> dict[str, float]:
    """The figures with times divided by `slowness` (`pace`): the documents show them beside the targets."""
    return {what: value / slowness if what.endswith("(s)") else value for what, value in figures.items()}


def _mb(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / 2**20


async def run(names: list[str], slowness: float) -> list[str]:
    """Run these scenarios, each against a new server. Returns a line for each bound that is missed.

    Bounds in seconds are `slowness` times as long (`pace`).
    """
    misses = []
    stored = results.read("flood")
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            people, room = crowd.CROWDS.get(name), strangers.STRANGERS.get(name)
            workers = people.workers if people else WORKERS
            limits = (strangers.LIMIT, strangers.LIMIT) if room else None
            server = Server(Path(folder, "log"), workers, {"TWOHEADS_STATE_DIR": folder}, descriptors=limits)
            try:
                await asyncio.to_thread(server.wait_until_healthy)
                await wait_until_warm(server.address)
                if room:
                    figures = await room.measure(server)
                else:
                    figures = await (crowd.measure(server, people) if people else measure(server, SCENARIOS[name]))
            finally:
                await asyncio.to_thread(server.stop)
            log = server.log.read_text()
        figures["lines in the log"] = log.count("\n")
        if "Traceback" in log:
            misses.append(f"{name}: the server's log has a traceback: …{log[log.index('Traceback') :][:3000]}")
        print(f"\n{name}")
        for what, value in figures.items():
            print(f"  {what:52} {value:12,.2f}")
        figures = as_on_the_machine_of_the_targets(figures, slowness)
        if people:
            stored |= {f"{name}_begins_s": figures["wait of the other visitor, worst (s)"]}
        else:
            stored |= {f"{name}_health_s": figures["/healthz, worst (s)"]}
        if name in SCENARIOS:
            stored |= {f"{name}_change_s": figures["another visitor's change, worst (s)"]}
        if slowness <= pace.ALIKE:
            results.write("flood", {key: value for key, value in stored.items() if key != "machine"})
        scenario = room or people or SCENARIOS[name]
        misses += [f"{name}: {miss}" for miss in missed(scenario.bounds, figures)]
    return misses


def main() -> None:
    """Run the scenarios and print what they missed."""
    names = [*SCENARIOS, *crowd.CROWDS, *strangers.STRANGERS]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenarios", nargs="*", choices=[[], *names], default=[])
    given = parser.parse_args()
    slowness = pace.slowness()
    print(pace.note(slowness), file=sys.stderr)
    misses = asyncio.run(run(given.scenarios or names, slowness))
    for miss in misses:
        print(f"missed, as on the machine of the targets: {miss}", file=sys.stderr)
    sys.exit(1 if misses else 0)


if __name__ == "__main__":
    main()
