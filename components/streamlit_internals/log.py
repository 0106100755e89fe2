"""Streamlit's loggers write to the server's log like all others (`backend.web.server_log`).

Needs: `streamlit.logger.setup_formatter`, the names of two loggers, and the words of one record.
No supported way: each of Streamlit's loggers has a handler and does not propagate, also those that it creates later.
The options of `[logger]` set their level and format, not where they write.
Measured: without it, two of three forged lines stand in the log as lines of their own.
Visitors would lose: nothing. The operator loses a log in which a line cannot be forged.
Checked on: Streamlit 1.67.0
Fails without it: test_each_logger_writes_a_record_once_and_in_one_line
  in tests/components/streamlit_internals/test_log.py
Upstream: https://github.com/streamlit/streamlit/issues/4742
"""

from __future__ import annotations

import logging

import streamlit.logger

from backend.web import server_log


def install() -> None:
    """Make every logger of this process write through one handler."""
    streamlit.logger.setup_formatter = _without_handler
    logging.getLogger("streamlit.error_util").addFilter(_is_not_page_error)
    # Below this level it logs the address of each visitor who connects or disconnects.
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    server_log.install("uvicorn.access")  # uvicorn logs each request where that has a handler


def _without_handler(logger: logging.Logger) -> None:
    server_log.propagate(logger)


def _is_not_page_error(record: logging.LogRecord) -> bool:
    """An exception of a page is logged by `errors.py`, with the id that its visitor reads."""
    return record.msg != "Uncaught app execution"
