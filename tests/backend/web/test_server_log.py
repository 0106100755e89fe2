"""The log: one line for each record, cut, and the first few of a kind in a minute."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable

import pytest

from backend.web.server_log import ServerLog

HEAD = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (INFO|WARNING|ERROR) ")


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Log:
    """A log whose lines can be read and whose clock is turned by hand."""

    def __init__(self) -> None:
        self.clock, self.stream = Clock(), io.StringIO()
        self.handler = ServerLog(self.stream, self.clock)

    def logger(self, name: str) -> logging.Logger:
        logger = logging.Logger(name)
        logger.addHandler(self.handler)
        return logger

    @property
    def lines(self) -> list[str]:
        return self.stream.getvalue().splitlines()


@pytest.fixture
def log() -> Log:
    return Log()


def failed(work: Callable[[], object]) -> Exception:
    try:
        work()
    except Exception as error:
        return error
    raise AssertionError("it did not fail")


def a_bad_value_in_a_library() -> Exception:
    """As one that Streamlit cannot read: no file of ours is on the way."""
    code = compile("\ndef read(text):\n    return int(text)\n", "/venv/site-packages/streamlit/number.py", "exec")
    names: dict[str, Callable[[str], int]] = {}
    exec(code, names)
    error = failed(lambda: names["read"]("x\ny" + "z" * 100_000))
    assert error.__traceback__
    error.__traceback__ = error.__traceback__.tb_next.tb_next  # without the two frames of this test
    return error


def test_no_text_of_a_visitor_starts_a_new_line(log: Log) -> None:
    separators = ("\n", "\r\n", "\x0b", "\x1e", "\x85", "\u2028", "\u2029", "\x1b[2J", "\u202e", "\ud800")
    for separator in separators:
        log.logger("any").warning("said: %s", f"a{separator}2026-01-01 00:00:00,000 ERROR forged")
        log.clock.now += 60
    assert len(log.lines) == len(separators)
    assert all(HEAD.match(line) and "said: a\\" in line for line in log.lines)
    assert log.lines[5].endswith(" any: said: a\\u20282026-01-01 00:00:00,000 ERROR forged")


@pytest.mark.parametrize("logger", ["components.layout.errors", "streamlit.runtime", "uvicorn.error"])
def test_an_error_of_a_visitor_in_library_code_is_one_line(log: Log, logger: str) -> None:
    log.logger(logger).error("page error %s", "1234", exc_info=a_bad_value_in_a_library())
    (line,) = log.lines
    assert len(line) < 700
    assert r"page error 1234: ValueError: invalid literal for int() with base 10: 'x\nyzzz" in line
    assert line.endswith("(streamlit/number.py:3)")


def test_the_first_records_of_a_kind_are_written_and_the_others_counted(log: Log) -> None:
    origins, other = log.logger("origins"), log.logger("other")
    for i in range(1000):
        origins.warning(f"refused {i}")
    other.warning("something else")
    assert len(log.lines) == 5 + 1
    log.clock.now = 60
    other.warning("a minute later")
    assert [line.split(" ", 2)[2] for line in log.lines[6:]] == [
        "WARNING origins: … and 995 more in a minute like: refused 0",
        "WARNING other: a minute later",
    ]
    origins.warning("refused again")
    assert len(log.lines) == 9
