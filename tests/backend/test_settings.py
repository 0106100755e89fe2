"""Settings from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from backend.settings import Settings


def test_they_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWOHEADS_WORKERS", "3")
    monkeypatch.setenv("TWOHEADS_SCHEDULER", "")
    assert Settings().workers == 3
    assert Settings().scheduler is None


@pytest.mark.parametrize(
    ("name", "value"), [("WORKERS", "0"), ("WORKERS", "many"), ("SCHEDULER", "10.0.0.1:8786"), ("SCHEDULER", "tls://x")]
)
def test_a_bad_one_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"TWOHEADS_{name}", value)
    with pytest.raises(ValidationError, match=name.lower()):
        Settings()


def test_a_worker_is_renewed_before_its_memory_limit_stops_it() -> None:
    with pytest.raises(ValidationError, match="TWOHEADS_RECYCLE_RSS_MB: at most 90 %"):
        Settings(worker_memory_mb=1200, recycle_rss_mb=1100)


def test_an_outside_scheduler_needs_certificates(tmp_path: Path) -> None:
    address = "tls://scheduler:8786"
    with pytest.raises(ValidationError, match="TWOHEADS_TLS_CA"):
        Settings(scheduler=address)
    files = {name: tmp_path / name for name in ("tls_ca", "tls_cert", "tls_key")}
    for path in files.values():
        path.write_text("a certificate")
    assert Settings(scheduler=address, **files).tls_key == tmp_path / "tls_key"
    with pytest.raises(ValidationError, match="TWOHEADS_TLS_KEY"):
        Settings(scheduler=address, **{**files, "tls_key": tmp_path / "missing"})


def test_without_tls_only_this_machine() -> None:
    assert Settings(scheduler="tcp://127.0.0.1:8786").scheduler
    with pytest.raises(ValidationError, match="only a tls:// address"):
        Settings(scheduler="tcp://10.0.0.1:8786")
