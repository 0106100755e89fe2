"""One person as a hundred visitors: how long another visitor waits. Scenarios of `python -m benchmarks.flood`.

A hundred visitors of one address each submit the largest training that the server accepts, and keep their pages open.
Then a visitor of another address trains the default experiment, some times, with another seed each time.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from backend.config.settings import Settings
from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.dataset import Sequences
from backend.experiment.training import Training
from backend.experiment.url import write_query
from backend.training.duration import DurationEstimator
from harness.server import Server
from harness.tab import Tab

#: The address of the crowd. The other visitor has 127.0.0.1.
CROWD = "127.0.0.2"
VISITORS, RUNS = 100, 3
#: Pages of the crowd that are opened at a time.
_AT_ONCE = 8
#: The most seconds to wait for a run of the other visitor, and the seconds between two looks at their page.
_PATIENCE, _LOOK = 300.0, 0.1
FINISHED = "trained in"
WAITING = "Waiting:"


@dataclass(frozen=True)
class Crowd:
    """A scenario: the server's `workers`, and the seconds within which the other visitor's training has to begin."""

    workers: int
    begins_within: float
    visitors: int = VISITORS
    runs: int = RUNS
    to_the_end: bool = True  # whether the other visitor's runs are watched until they end

    @property
    def bounds(self) -> dict[str, float]:
        """The most that each of these figures may be."""
        return {
            "wait of the other visitor, worst (s)": self.begins_within,
            "longest wait that their page expected (s)": self.begins_within,
            "trainings of hours that were not refused": 0.0,
            "visitors of the crowd whose training was refused": 0.0,
            "/readyz does not answer 200": 0.0,
        }


CROWDS = {"crowd": Crowd(2, 30.0)}


def largest() -> Experiment:
    """The largest training that is not expected to exceed the time limit."""
    most = Experiment(
        architecture=Architecture(timesteps=64, features=16, lstm=(256, 256)),
        sequences=Sequences(samples=4096),
        training=Training(epochs=100, batch=64),
    )
    limit, durations = Settings(workers=1).seconds_per_job, DurationEstimator()
    each = (most.with_training(epochs=epochs) for epochs in range(100, 1, -1))
    return next(experiment for experiment in each if durations.seconds(experiment) <= limit)


def too_large() -> Experiment:
    """A training that takes hours."""
    experiment = largest()
    return experiment.model_copy(
        update={"training": experiment.training.model_copy(update={"epochs": 100, "seeds": 10, "batch": 1})}
    )


async def measure(server: Server, crowd: Crowd) -> dict[str, float]:
    """Figures by name: how many of the crowd were refused, and the other visitor's longest waits, in seconds."""
    tabs = [Tab(server.address, source=CROWD) for _ in range(crowd.visitors)]
    refused = Tab(server.address, source=CROWD)
    try:
        await refused.open("train", _query(too_large()))
        await refused.click("Train")  # a browser shows this button as disabled
        begun = time.monotonic()
        gate = asyncio.Semaphore(_AT_ONCE)
        await asyncio.gather(*(_join(tab, number, gate) for number, tab in enumerate(tabs)))
        submitted = time.monotonic() - begun
        refusals = sum(bool(tab.alerts) for tab in tabs)
        waits = [await _train(server.address, number, crowd.to_the_end) for number in range(crowd.runs)]
        ready = await _ready(server.address)
    finally:
        await asyncio.gather(*(tab.close() for tab in (*tabs, refused)), return_exceptions=True)
    return {
        "trainings of hours that were not refused": float(bool(refused.progress) or not refused.alerts),
        "visitors of the crowd whose training was refused": refusals,
        "seconds until all had submitted": submitted,
        "wait of the other visitor, worst (s)": max(begins for begins, _, _ in waits),
        "until their training had ended, worst (s)": max(ends for _, ends, _ in waits),
        "longest wait that their page expected (s)": max(expected for _, _, expected in waits),
        "/readyz does not answer 200": float(not ready),
    }


def _query(experiment: Experiment) -> str:
    return urlencode(write_query(experiment), doseq=True)


async def _join(tab: Tab, number: int, gate: asyncio.Semaphore) -> None:
    experiment = largest()
    training = experiment.training.model_copy(update={"seed": number})
    async with gate:
        await tab.open("train", _query(experiment.model_copy(update={"training": training})))
        await tab.click("Train")


async def _train(address: str, number: int, to_the_end: bool) -> tuple[float, float, float]:
    """Train the default experiment with a new seed. Seconds until it began and ended, and the longest expected wait."""
    tab, expected = Tab(address), 0.0
    await tab.open("train", _query(Experiment(training=Training(seed=1_000_000 + number))))
    try:
        clicked = time.monotonic()
        await tab.click("Train")
        begun: float | None = None
        while time.monotonic() - clicked < _PATIENCE:
            ended = any(FINISHED in text for text in tab.texts)
            if WAITING in tab.progress and begun is None:
                expected = max(expected, _seconds(tab.progress))
            if begun is None and (ended or (tab.progress and WAITING not in tab.progress)):
                begun = time.monotonic() - clicked
            if ended or (begun is not None and not to_the_end):
                return begun or 0.0, time.monotonic() - clicked, expected
            await tab.until(lambda: False, _LOOK)
        return begun or _PATIENCE, _PATIENCE, expected
    finally:
        await tab.close()


def _seconds(words: str) -> float:
    """The time in a text such as "expected to start in about 15 seconds" (or minutes, hours, days), in seconds."""
    units = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86400.0}
    number, unit = words.rpartition("in about ")[2].split()[:2]
    return (1.0 if number in ("a", "an") else float(number)) * units[unit.rstrip("s")]


async def _ready(address: str) -> bool:
    host, _, port = address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    return b" 200 " in answer[:20]
