"""Real servers of small apps: one whose downloads fail, and any other script."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.local import ROOT, free_port, until

APP = Path(__file__).with_name("failing_app.py")


@contextmanager
def serving(log: Path, app: Path = APP, *options: str) -> Iterator[str]:
    """Its address (host:port) while it runs. `options` are those of `streamlit run`."""
    address = f"127.0.0.1:{free_port()}"
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(app),
        *options,
        "--server.port",
        address.rpartition(":")[2],
    ]
    command += ["--server.address", "127.0.0.1", "--server.headless", "true", "--browser.gatherUsageStats", "false"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with log.open("w") as file:
        process = subprocess.Popen(command, cwd=app.parent, env=environment, stdout=file, stderr=subprocess.STDOUT)
    try:
        until(lambda: _healthy(address), "a healthy server")
        yield address
    finally:
        process.terminate()
        process.wait(30)


def _healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://{address}/_stcore/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
