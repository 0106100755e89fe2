"""A bad environment variable: a sentence for each, and exit status 2, whichever way the server is started."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from backend.config.environment import InvalidEnvironment, listening_faults, read, unknown_variables
from harness.local import ROOT, free_port

CHECK = [sys.executable, "-m", "backend.config.environment"]
STREAMLIT = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]


def sentences(monkeypatch: pytest.MonkeyPatch, **variables: str) -> list[str]:
    """What is said of these variables, without their common prefix."""
    for name, value in variables.items():
        monkeypatch.setenv(f"TWOHEADS_{name}", value)
    with pytest.raises(InvalidEnvironment) as invalid:
        read()
    return [sentence.removeprefix("TWOHEADS_") for sentence in invalid.value.sentences]


def stopped(command: list[str], **variables: str) -> tuple[int, list[str]]:
    """Exit status and standard error of a server that does not start."""
    environment = {**os.environ, **variables}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    return ended.returncode, ended.stderr.splitlines()


@pytest.mark.slow
def test_a_good_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWOHEADS_WORKERS", "3")
    monkeypatch.setenv("TWOHEADS_SCHEDULER", "")
    assert read().workers == 3
    assert read().scheduler is None
    assert stopped(CHECK, TWOHEADS_WORKERS="3") == (0, [])


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("WORKERS", "0", "it takes a whole number, at least 1 and at most 256"),
        ("WORKERS", "many", "it takes a whole number, at least 1 and at most 256"),
        ("QUEUE_LIMIT", "2.5", "it takes a whole number, at least 1"),
        ("SECONDS_PER_JOB", "0", "it takes a number, above 0"),
        ("SECONDS_PER_JOB", "inf", "it takes a number, above 0"),
        ("CANCEL_GRACE_SECONDS", "61", "it takes a number, above 0 and at most 60"),
        ("METRICS_PORT", "65536", "it takes a whole number, at least 1 and at most 65,535"),
        ("STREAMLIT_METRICS", "perhaps", "it takes true or false"),
        ("FRAME_ANCESTORS", "*", "it takes none, or a list of self and https origins with spaces between "
                                 "(https://learn.example.org); to try a page, also http://localhost:8000"),
        ("RECYCLE_RSS_MB", "2701", "it takes at most 90 % of TWOHEADS_WORKER_MEMORY_MB, which is 3,000: 2,700"),
    ],
)  # fmt: skip
def test_a_bad_value_is_named_with_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, allowed: str
) -> None:
    assert sentences(monkeypatch, **{name: value}) == [f"{name}={value!r}: {allowed}."]


@pytest.mark.parametrize("value", ["the proxy", "10.0.0.7 10.0.0.8", "10.0.0.7/8", "10.0.0.7,*", "10.0.0.7,"])
def test_proxies_that_uvicorn_would_not_understand_are_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", value)
    allowed = "it takes *, or addresses and networks with commas between (10.0.0.7,192.168.0.0/16)"
    assert sentences(monkeypatch) == [f"FORWARDED_ALLOW_IPS={value!r}: {allowed}."]
    for known in ("*", "127.0.0.1,::1", "10.0.0.0/8, fc00::/7"):
        monkeypatch.setenv("FORWARDED_ALLOW_IPS", known)
        assert read().forwarded_allow_ips == known


def test_a_default_that_another_value_makes_too_large_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    (sentence,) = sentences(monkeypatch, WORKER_MEMORY_MB="1200")
    assert sentence == (
        "RECYCLE_RSS_MB='1500': this is the default, and it takes at most 90 % of TWOHEADS_WORKER_MEMORY_MB, "
        "which is 1,200: 1,080."
    )


def test_all_bad_values_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    said = sentences(monkeypatch, WORKERS="0", RECYCLE_RSS_MB="2900", SCHEDULER="tcp://x:1", TLS_CA=__file__)
    assert [sentence.partition("=")[0] for sentence in said] == [
        "WORKERS", "RECYCLE_RSS_MB", "SCHEDULER", "TLS_CERT", "TLS_KEY",
    ]  # fmt: skip


def test_checks_that_depend_on_a_bad_value_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    (sentence,) = sentences(monkeypatch, WORKER_MEMORY_MB="lots", RECYCLE_RSS_MB="2900")
    assert sentence.startswith("WORKER_MEMORY_MB='lots'")


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:8786", "127.0.0.1:8786", "tls://scheduler", "tls://a/b:1"])
def test_a_scheduler_without_tls_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    assert sentences(monkeypatch, SCHEDULER=address)[0] == f"SCHEDULER={address!r}: it takes tls://host:port."


def test_an_outside_scheduler_needs_certificates(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)  # short paths: a long value is cut in the sentence
    for name in ("tls_ca", "tls_cert", "tls_key"):
        path = Path(name)
        said = sentences(monkeypatch, SCHEDULER="tls://scheduler:8786", **{name.upper(): str(path)})
        assert said[0] == f"{name.upper()}='{path}': it takes a file that exists, because TWOHEADS_SCHEDULER is set."
        path.write_text("a certificate")
    assert read().tls_key == Path("tls_key")


def test_a_long_value_is_shown_cut_and_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    (sentence,) = sentences(monkeypatch, WORKERS="1\n" + "x" * 100_000)
    assert "\n" not in sentence
    assert len(sentence) < 250


def test_an_unknown_variable_is_named_with_the_one_it_may_mean() -> None:
    given = (
        "TWOHEADS_WORKERZ",
        "twoheads_workers",
        "TWOHEADS_APPLE",
        "TWOHEADS_USER",
        "TWOHEADS_QUEUE_LIMIT",
        "PATH",
    )
    assert unknown_variables(dict.fromkeys(given, "1")) == [
        "TWOHEADS_APPLE is not a setting and is ignored.",
        "TWOHEADS_WORKERZ is not a setting and is ignored. Did you mean TWOHEADS_WORKERS?",
    ]


def test_an_invalid_port_or_address_is_named() -> None:
    assert (
        listening_faults({})
        == listening_faults({"PORT": "8501", "ADDRESS": "0.0.0.0"})
        == listening_faults({"ADDRESS": "::1"})
        == []
    )
    for port in ("0", "65536", "http", "-1", "٣", "9" * 5000):
        (sentence,) = listening_faults({"PORT": port})
        assert sentence.endswith(": it takes a whole number from 1 to 65535.")
    (sentence,) = listening_faults({"ADDRESS": "no such host"})
    assert sentence == "ADDRESS='no such host': it takes an address of this machine (127.0.0.1, 0.0.0.0)."


BAD = {"TWOHEADS_WORKERS": "0", "TWOHEADS_RECYCLE_RSS_MB": "2900", "TWOHEADS_WORKERZ": "2"}
SAID = [
    "Two Heads: TWOHEADS_WORKERZ is not a setting and is ignored. Did you mean TWOHEADS_WORKERS?",
    "Two Heads: TWOHEADS_WORKERS='0': it takes a whole number, at least 1 and at most 256.",
    "Two Heads: TWOHEADS_RECYCLE_RSS_MB='2900': it takes at most 90 % of TWOHEADS_WORKER_MEMORY_MB, "
    "which is 3,000: 2,700.",
]


@pytest.mark.slow
def test_streamlit_run_stops_with_these_sentences() -> None:
    assert stopped([*STREAMLIT, "--server.port", str(free_port())], **BAD) == (2, SAID)


@pytest.mark.slow
def test_streamlit_run_stops_if_the_port_of_the_metrics_is_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        command = [*STREAMLIT, "--server.port", str(free_port())]
        status, (sentence,) = stopped(command, TWOHEADS_METRICS_PORT=port)
    assert status == 2
    assert sentence.startswith(f"Two Heads: TWOHEADS_METRICS_PORT='{port}': ")


@pytest.mark.slow
def test_make_run_and_the_container_check_the_variables_first() -> None:
    port = "Two Heads: PORT='99999': it takes a whole number from 1 to 65535."
    assert stopped(CHECK, **BAD, PORT="99999") == (2, [SAID[0], port, *SAID[1:]])
    status, lines = stopped(["make", "--no-print-directory", "-o", ".venv/installed", "run"], **BAD, PORT="99999")
    assert (status, lines[:4]) == (2, [SAID[0], port, *SAID[1:]])
    (command,) = (line for line in (ROOT / "Dockerfile").read_text().splitlines() if line.startswith("CMD"))
    assert command.index("python -m backend.config.environment && ") < command.index("exec streamlit run")
