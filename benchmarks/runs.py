"""How the page Runs scales with the runs in the database: a rerun with 100 and with 100,000 of them."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Connection, insert, select
from streamlit.testing.v1 import AppTest

from backend.config.settings import Settings
from backend.database.tables import runs, saved_runs
from backend.database.visitors import hashed
from backend.jobs import Job
from backend.jobs.compression import Compressed
from backend.services import Services, serving
from backend.training.job import TrainJob
from backend.training.recorded import recorded_runs
from backend.web.cookie import COOKIE
from harness.local import ROOT

FEW, MANY = 100, 100_000
#: Runs of the visitor who looks at the page; all others belong to other visitors.
OWN = 50
RERUNS = 15
_VISITOR = "a" * 32


def measure() -> Iterator[tuple[str, float]]:
    """Medians over reruns of the page in milliseconds, and their ratio."""
    few, many = (_rerun(count) for count in (FEW, MANY))
    yield "runs_page_ms_100_runs", few
    yield "runs_page_ms_100000_runs", many
    yield "runs_page_100000_vs_100", many / few


def _rerun(count: int) -> float:
    with tempfile.TemporaryDirectory() as folder, serving(Services.build(Settings(state_dir=Path(folder)))) as services:
        _fill(services, count)
        page = AppTest.from_file(str(ROOT / "pages" / "navigation.py"), default_timeout=60)
        page.session_state[COOKIE] = _VISITOR
        page.run()
        page.switch_page("runs.py").run()
        if page.exception or not page.checkbox:
            raise RuntimeError("the page shows no runs")
        spent = []
        for _ in range(RERUNS):
            begun = time.perf_counter()
            page.run()
            spent.append(1000 * (time.perf_counter() - begun))
        services.database.close()
        return median(spent)


def _fill(services: Services, count: int) -> None:
    """So many runs, `OWN` of them the visitor's. One has its data; the others only what a list shows."""
    run = recorded_runs()[0].run
    finished = Job.finished(_VISITOR, "train", TrainJob(experiment=run.experiment), (), Compressed.of(run), time.time())
    services.run_store.add(finished.view(), _VISITOR)
    services.database.flush(60)

    def work(connection: Connection) -> None:
        first: Any = connection.execute(select(runs)).mappings().one()
        rows, entries = [], []
        for number in range(1, count):
            rows.append({**first, "id": first["id"] + number, "experiment_hash": str(number), "packed": b""})
            visitor = _VISITOR if number < OWN else str(number % 1000)
            entry = {"id": str(number), "run": first["id"] + number, "visitor": hashed(visitor)}
            entries.append(entry | {"name": "", "pinned": False, "at": float(number)})
        connection.execute(insert(runs), rows)
        connection.execute(insert(saved_runs), entries)

    services.database.write(work)
    if not services.database.flush(120):
        raise RuntimeError("the database was not filled in two minutes")


if __name__ == "__main__":
    for name, value in measure():
        print(f"{name:30} {value:.2f}")
