"""Settings from the environment."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from backend.config.environment import InvalidEnvironment, read
from backend.config.settings import Settings


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("none", "'none'"),
        ("self", "'self'"),
        ("http://localhost:8000 http://127.0.0.1", "http://localhost:8000 http://127.0.0.1"),
        (" https://*.example.org  https://a.example:8443 ", "https://*.example.org https://a.example:8443"),
    ],
)
def test_frame_ancestors_takes_self_none_and_https_origins(
    monkeypatch: pytest.MonkeyPatch, given: str, meant: str
) -> None:
    assert Settings().frame_ancestors == "'none'"
    monkeypatch.setenv("TWOHEADS_FRAME_ANCESTORS", given)
    assert Settings().frame_ancestors == meant


@pytest.mark.parametrize(
    "given",
    [
        "*",
        "http://learn.example.org",
        "http://localhost.example.org",
        "https://learn.example.org/lesson",
        "https://a.example; script-src *",
        "none https://a.example",
        "https://a.example\r\nX-Own: 1",
    ],
)
def test_frame_ancestors_refuses_anything_else(given: str) -> None:
    with pytest.raises(ValidationError, match="it takes none, or a list of self and https origins"):
        Settings(frame_ancestors=given)


def test_allowed_hosts_takes_host_names(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().allowed_hosts == ""
    monkeypatch.setenv("TWOHEADS_ALLOWED_HOSTS", "Heads.example.org *.example.org 127.0.0.1 ::1")
    assert Settings().allowed_hosts.split() == ["heads.example.org", "*.example.org", "127.0.0.1", "::1"]


@pytest.mark.parametrize("given", ["*", "https://heads.example.org", "heads.example.org:8501", "a,b", "a/b", "*.*.org"])
def test_allowed_hosts_refuses_anything_else(given: str) -> None:
    with pytest.raises(ValidationError, match="it takes host names without a port"):
        Settings(allowed_hosts=given)


def test_a_passphrase_is_read_without_spaces_around_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().rooms_passphrase is None
    monkeypatch.setenv("TWOHEADS_ROOMS_PASSPHRASE", " correct horse\n")
    found = Settings()
    assert found.rooms_passphrase is not None
    assert found.rooms_passphrase.get_secret_value() == "correct horse"
    assert "correct" not in repr(found)


@pytest.mark.parametrize("given", ["   ", 201 * "x"])
def test_a_passphrase_that_nobody_could_type_is_refused_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("TWOHEADS_ROOMS_PASSPHRASE", given)
    with pytest.raises(InvalidEnvironment, match="1 to 200 characters") as invalid:
        read()
    assert "xxx" not in str(invalid.value)
