"""Session ids stay out of the log: whoever has one, and its visitor's cookie, can resume the session."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_ID = re.compile(r"\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")


@contextmanager
def redacted(name: str) -> Iterator[None]:
    """Meanwhile the loggers below `name` write the first eight characters of each id (a UUID)."""
    make = logging.getLogRecordFactory()

    def make_redacted(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        if record.name.partition(".")[0] == name:
            record.msg, record.args = _ID.sub(r"\1…", record.getMessage()), None
        return record

    logging.setLogRecordFactory(make_redacted)
    try:
        yield
    finally:
        logging.setLogRecordFactory(make)
