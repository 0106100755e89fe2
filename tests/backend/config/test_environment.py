"""A bad environment variable: a sentence for each, and exit status 2, whichever way the server is started."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from backend.config.environment import InvalidEnvironment, listening_faults, read, unknown_variables
from backend.database.database import FILE
from harness.local import ROOT, free_port

CHECK = [sys.executable, "-m", "backend.config.environment"]
BAD = {"TWOHEADS_WORKERS": "0", "TWOHEADS_QUEUE_LIMIT": "0"}


def stopped(command: list[str], **variables: str) -> tuple[int, list[str]]:
    """Exit status of a server that does not start, and the variables that standard error names."""
    environment = {**os.environ, **variables}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    said = (line.removeprefix("Two Heads: ") for line in ended.stderr.splitlines() if line.startswith("Two Heads: "))
    return ended.returncode, [line.partition("=")[0] for line in said]


#: What an operator sets, and which of it is refused.
SETTINGS: list[tuple[dict[str, str], list[str]]] = [
    ({"WORKERS": "3", "SCHEDULER": ""}, []),
    ({"WORKERS": "many"}, ["WORKERS"]),
    ({"QUEUE_LIMIT": "2.5"}, ["QUEUE_LIMIT"]),
    ({"SECONDS_PER_JOB": "inf"}, ["SECONDS_PER_JOB"]),
    ({"CANCEL_GRACE_SECONDS": "61"}, ["CANCEL_GRACE_SECONDS"]),
    ({"STREAMLIT_METRICS": "perhaps"}, ["STREAMLIT_METRICS"]),
    ({"WORKER_MEMORY_MB": "lots"}, ["WORKER_MEMORY_MB"]),
    ({"SCHEDULER": "tcp://127.0.0.1:8786"}, ["SCHEDULER", "TLS_CA", "TLS_CERT", "TLS_KEY"]),
    ({"SCHEDULER": "tls://scheduler:8786", "TLS_CA": __file__, "TLS_CERT": __file__}, ["TLS_KEY"]),
    ({"SCHEDULER": "tls://a:1", "TLS_CA": __file__, "TLS_CERT": __file__, "TLS_KEY": __file__}, []),
    ({"WORKERS": "1\n" + "x" * 100_000}, ["WORKERS"]),
]


@pytest.mark.parametrize(("given", "refused"), SETTINGS)
def test_each_bad_value_is_named_in_a_short_line(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], refused: list[str]
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"TWOHEADS_{name}", value)
    if not refused:
        assert read()
        return
    with pytest.raises(InvalidEnvironment) as invalid:
        read()
    said = invalid.value.sentences
    assert [sentence.removeprefix("TWOHEADS_").partition("=")[0] for sentence in said] == refused
    assert not any("\n" in sentence or len(sentence) > 300 for sentence in said)


@pytest.mark.parametrize("value", ["the proxy", "10.0.0.7 10.0.0.8", "10.0.0.7/8", "10.0.0.7,*", "10.0.0.7,"])
def test_proxies_that_uvicorn_would_not_understand_are_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", value)
    with pytest.raises(InvalidEnvironment, match="FORWARDED_ALLOW_IPS"):
        read()


def test_an_unknown_variable_is_named_with_the_one_it_may_mean() -> None:
    given = ("TWOHEADS_WORKERZ", "TWOHEADS_APPLE", "TWOHEADS_USER", "TWOHEADS_QUEUE_LIMIT", "PATH")
    apple, workers = unknown_variables(dict.fromkeys(given, "1"))
    assert apple.startswith("TWOHEADS_APPLE ")
    assert "TWOHEADS_WORKERS?" in workers


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        ({"PORT": "8501", "ADDRESS": "0.0.0.0"}, 0),
        ({"ADDRESS": "::1"}, 0),
        ({"ADDRESS": "no such host"}, 1),
        *(({"PORT": port}, 1) for port in ("0", "65536", "http", "-1", "٣", "9" * 5000)),
    ],
)
def test_a_port_or_address_where_no_server_can_listen_is_a_fault(given: dict[str, str], faults: int) -> None:
    assert len(listening_faults(given)) == faults


@pytest.mark.slow
def test_streamlit_run_stops_if_metrics_or_database_cannot_be_used(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true", "--server.port"]
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        assert stopped([*command, str(free_port())], TWOHEADS_METRICS_PORT=port) == (2, ["TWOHEADS_METRICS_PORT"])
    (tmp_path / FILE).write_bytes(b"no database " * 100)
    status, (sentence,) = stopped([*command, str(free_port())], TWOHEADS_STATE_DIR=str(tmp_path))
    assert status == 2
    assert sentence.startswith(f"The database {tmp_path / FILE} is damaged.")


@pytest.mark.slow
def test_make_run_and_the_container_check_the_variables_first() -> None:
    for start in (CHECK, ["make", "--no-print-directory", "-o", ".venv/installed", "run"]):
        assert stopped(start, **BAD, PORT="99999") == (2, ["PORT", *BAD])
    (command,) = (line for line in (ROOT / "Dockerfile").read_text().splitlines() if line.startswith("CMD"))
    assert command.index("python -m backend.config.environment && ") < command.index("exec streamlit run")
