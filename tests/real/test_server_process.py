"""The web process, seen from outside: what it imports, where it listens, and what it leaves behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from harness.local import ROOT, until

pytestmark = pytest.mark.jobs

REFUSED = "TLSV13_ALERT_CERTIFICATE_REQUIRED"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Started in a folder that is not the repository's, as any server may be."""
    page = tmp_path / "page.py"
    page.write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    with subprocess.Popen(
        [sys.executable, "-m", "tests.real.server", str(page)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def heard(server: subprocess.Popen[str]) -> dict[str, Any]:
    assert server.stdout
    facts: dict[str, Any] = json.loads(server.stdout.readline())
    return facts


def test_it_imports_no_keras_listens_on_loopback_and_stops_clean(server: subprocess.Popen[str], tmp_path: Path) -> None:
    facts = heard(server)
    assert facts["early"] == "warming", "start() and submit() return before any worker is there"
    assert facts["states"] == ["finished", "finished"]
    assert facts["imported"] == []
    assert facts["listening"] == ["127.0.0.1"]
    # Scheduler, nanny and worker; beside them, what Dask shows of itself in HTTP.
    assert [answer for answer in facts["answers"] if not answer.startswith("http ")] == [REFUSED] * 3
    assert not (tmp_path / "ran").exists(), "a worker must not import the page"

    assert server.stdin
    print(file=server.stdin, flush=True)
    facts = heard(server)
    assert (facts["state"], facts["message"]) == ("lost", "The server stopped before this job ended. Run it again.")
    # Python's own helper stays until its process ends, and ends with it.
    assert ["resource_tracker" in " ".join(command) for command in facts["left"]] in ([], [True])


def test_its_workers_end_when_it_is_killed(server: subprocess.Popen[str]) -> None:
    family = heard(server)["family"]
    assert len(family) >= 2
    server.kill()
    server.wait()
    until(lambda: not any(psutil.pid_exists(pid) for pid in family))
