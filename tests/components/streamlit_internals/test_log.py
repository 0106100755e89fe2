"""Everything that is logged in the server's process goes through its log."""

from __future__ import annotations

import subprocess
import sys

import pytest

from harness.local import ROOT

FORGED = "2026-01-01 00:00:00,000 ERROR forged"
SCRIPT = f"""
import logging, threading, warnings
import streamlit.logger
before = streamlit.logger.get_logger("streamlit.before")
from components.streamlit_internals import log as server_log
server_log.install()
server_log.install()
later = streamlit.logger.get_logger("streamlit.later")
streamlit.logger.update_formatter()
for logger in (before, later, logging.getLogger("ours")):
    logger.warning("said: %s", "a\\n{FORGED}")
warnings.warn("a warning\\n{FORGED}")
thread = threading.Thread(target=lambda: int("\\n{FORGED}"), name="any")
thread.start()
thread.join()
streamlit.logger.get_logger("streamlit.error_util").error("Uncaught app execution")
"""


@pytest.mark.slow
def test_each_logger_writes_a_record_once_and_in_one_line() -> None:
    ended = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True)
    lines = [line for line in ended.stderr.splitlines() if not line.startswith("    ")]
    assert not [line for line in ended.stderr.splitlines() if line.startswith(FORGED)]
    assert [line.split(" ")[3] for line in lines] == [
        "streamlit.before:", "streamlit.later:", "ours:", "py.warnings:", "backend.web.server_log:",
    ]  # fmt: skip
