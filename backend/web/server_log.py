"""The server's log on standard error. A visitor can neither forge a line, nor make it long, nor flood the log.

Each record of any library becomes one line: control characters are escaped, long texts are cut, session ids are
shortened. Of records of one kind, the first few in a minute are written and the others counted. An exception that a
visitor causes in code that is not ours is one line; any other has its innermost frames below it, indented.
"""

from __future__ import annotations

import hashlib
import logging
import re
import sys
import threading
import time
import traceback
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

#: Records of one kind that are written in a window, its seconds, and how many kinds are counted separately in it.
_MOST, _WINDOW, _KINDS = 5, 60.0, 1000
#: Characters of a message, and of a line below it; innermost frames of an exception, and lines below a message.
_MESSAGE, _LINE, _FRAMES, _LINES = 400, 200, 12, 40

_HERE = str(Path(__file__).resolve().parents[2])
#: The folders whose code every request passes.
_EDGE = (f"{_HERE}/backend/web/", f"{_HERE}/components/streamlit_internals/")
_LIBRARIES = re.compile(r".*/(?:site|dist)-packages/")
#: Loggers of the code that handles what visitors send.
_OF_VISITORS = ("components.layout.errors", "streamlit", "uvicorn", "websockets")
#: Unicode categories of control and direction marks, surrogates, and separators of lines and paragraphs.
_ESCAPED = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_SESSION = re.compile(r"\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")

log = logging.getLogger(__name__)


def install(*apart: str) -> None:
    """Send the records of all loggers through one handler, except those named in `apart`.

    Exceptions that end a thread, and Python's warnings, are logged too.
    """
    for name, logger in list(logging.root.manager.loggerDict.items()):
        if isinstance(logger, logging.Logger) and name not in apart:
            propagate(logger)
    if not any(isinstance(handler, ServerLog) for handler in logging.root.handlers):
        logging.root.addHandler(ServerLog())
    logging.captureWarnings(True)
    threading.excepthook = _log_end_of_thread


def propagate(logger: logging.Logger) -> None:
    """Remove the console handlers of `logger`. If it has no other handler, its records go to the root's."""
    for handler in [handler for handler in logger.handlers if type(handler) is logging.StreamHandler]:
        logger.removeHandler(handler)
    if not logger.handlers:
        logger.propagate = True


def fingerprint(error: BaseException) -> str:
    """A short hash of where and how `error` was raised: equal faults have equal hashes, whatever their messages."""
    places = [f"{frame.f_code.co_filename}:{line}" for frame, line in traceback.walk_tb(error.__traceback__)]
    return hashlib.blake2b("\n".join([type(error).__qualname__, *places]).encode(), digest_size=4).hexdigest()


@dataclass
class _Kind:
    """Records of one kind within a window."""

    level: int
    logger: str
    example: str
    count: int = 0


class ServerLog(logging.StreamHandler[TextIO]):
    """Writes the first records of a kind in each window to standard error, and then how many others there were.

    A kind is the line of code that logs and the fingerprint of the exception: the text of a visitor makes no new kind.
    """

    def __init__(self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(stream or sys.stderr)
        self.setFormatter(_OneLine("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        self._clock = clock
        self._ends = float("-inf")
        self._kinds: dict[tuple[str, ...], _Kind] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record, or count it if there are too many of its kind. Called with the handler's lock held."""
        if self._clock() >= self._ends:
            self._end_window()
        key: tuple[str, ...] = (record.name, record.pathname, str(record.lineno))
        if record.exc_info and record.exc_info[1] is not None:
            key += (fingerprint(record.exc_info[1]),)
        if key not in self._kinds and len(self._kinds) >= _KINDS:
            key = ()
        if key not in self._kinds:
            self._kinds[key] = _Kind(record.levelno, record.name, _one_line(_message_of(record), _LINE))
        kind = self._kinds[key]
        kind.count += 1
        if kind.count <= _MOST:
            super().emit(record)

    def close(self) -> None:
        """Write the remaining counts."""
        self.acquire()
        try:
            self._end_window()
        finally:
            self.release()
        super().close()

    def _end_window(self) -> None:
        kinds, self._kinds, self._ends = self._kinds, {}, self._clock() + _WINDOW
        for kind in kinds.values():
            if (more := kind.count - _MOST) > 0:
                words = f"… and {more} more in a minute like: {kind.example}"
                super().emit(logging.LogRecord(kind.logger, kind.level, __file__, 0, words, None, None))


class _OneLine(logging.Formatter):
    """A record in one line; below it, indented, the frames that led to an error of ours.

    A record's attribute `traceback` (by `extra`) is the text of a traceback from another process.
    """

    def format(self, record: logging.LogRecord) -> str:
        record.message = _one_line(_message_of(record).strip(), _MESSAGE)
        record.asctime = self.formatTime(record)
        below = str(getattr(record, "traceback", ""))
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            record.message += f": {_description(error)}"
            if _is_ours(record, error):
                below += "".join(traceback.format_exception(error, limit=-_FRAMES))
        lines = [f"    {_one_line(line, _LINE)}" for line in below.splitlines()[-_LINES:]]
        return "\n".join([self.formatMessage(record), *lines])


def _message_of(record: logging.LogRecord) -> str:
    """The message with its arguments, or without them if they do not match it."""
    try:
        return record.getMessage()
    except Exception:
        return str(record.msg)


def _one_line(text: str, most: int) -> str:
    """`text` in one line of at most about `most` characters: its beginning and, if it was cut, its end."""
    text = _cut(_SESSION.sub(r"\1-…", text), most)
    return _cut("".join(c if unicodedata.category(c) not in _ESCAPED else repr(c)[1:-1] for c in text), most)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most * 2 // 3]} … {text[-most // 3 :]}"


def _description(error: BaseException) -> str:
    """The exception and where it was raised, in one line."""
    text = "".join(traceback.format_exception_only(error)).strip()
    frames = traceback.extract_tb(error.__traceback__, limit=-1)
    where = [f" ({_LIBRARIES.sub('', each.filename).removeprefix(f'{_HERE}/')}:{each.lineno})" for each in frames]
    return f"{_one_line(text, _MESSAGE)}{''.join(where)}"


def _is_ours(record: logging.LogRecord, error: BaseException) -> bool:
    """Whether the record needs its traceback: the error involves our code, or no visitor caused it.

    Every request passes the edge, so the edge counts only if the error was raised in it.
    """
    if not record.name.startswith(_OF_VISITORS):
        return True
    files = [frame.f_code.co_filename for frame, _ in traceback.walk_tb(error.__traceback__)]
    ours = [file for file in files if file.startswith(_HERE) and not _LIBRARIES.match(file)]
    return any(file == files[-1] or not file.startswith(_EDGE) for file in ours)


def _log_end_of_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
        log.error("a thread has ended", exc_info=args.exc_value)
