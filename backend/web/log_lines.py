"""The format of a log record: one line, which no text of a visitor can break, and below it the frames of our errors."""

from __future__ import annotations

import hashlib
import logging
import re
import traceback
import unicodedata
from collections.abc import Iterator
from pathlib import Path

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
#: Characters of a message, and of a line below it; innermost frames of a traceback, and lines of a worker's.
_MESSAGE, LINE, _FRAMES, _WORKER_LINES = 400, 200, 12, 30

_HERE = str(Path(__file__).resolve().parents[2])
#: The folders whose code every request passes.
_EDGE = (f"{_HERE}/backend/web/", f"{_HERE}/components/streamlit_internals/")
_LIBRARIES = re.compile(r".*/(?:site|dist)-packages/")
#: Loggers of the code that handles what visitors send.
_OF_VISITORS = ("components.layout.errors", "streamlit", "uvicorn", "websockets")
#: Unicode categories of control and direction marks, surrogates, and separators of lines and paragraphs.
_ESCAPED = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_SESSION = re.compile(r"\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")


def fingerprint(error: BaseException) -> str:
    """A short hash of where and how `error` was raised: equal faults have equal hashes, whatever their messages."""
    places = [f"{frame.f_code.co_filename}:{line}" for frame, line in traceback.walk_tb(error.__traceback__)]
    return hashlib.blake2b("\n".join([type(error).__qualname__, *places]).encode(), digest_size=4).hexdigest()


def one_line(text: str, most: int = _MESSAGE) -> str:
    """`text` in one line of at most about `most` characters: its beginning and, if it was cut, its end."""
    text = _cut(_SESSION.sub(r"\1-…", text), most)
    return _cut("".join(c if unicodedata.category(c) not in _ESCAPED else repr(c)[1:-1] for c in text), most)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most * 2 // 3]} … {text[-most // 3 :]}"


class OneLine(logging.Formatter):
    """A record in one line; below it, indented, the frames that led to an error of ours.

    A record's attribute `traceback` (by `extra`) is the text of a traceback from another process.
    """

    def __init__(self) -> None:
        super().__init__(_FORMAT)

    def format(self, record: logging.LogRecord) -> str:
        record.message = one_line(message_of(record).strip())
        record.asctime = self.formatTime(record)
        below: list[str] = []
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            record.message += f": {_description(error)}"
            below = list(_traceback_lines(error)) if _is_ours(record, error) else []
        below += str(getattr(record, "traceback", "")).splitlines()[-_WORKER_LINES:]
        return "\n".join([self.formatMessage(record), *(f"    {one_line(line, LINE)}" for line in below)])


def message_of(record: logging.LogRecord) -> str:
    """The message with its arguments, or without them if they do not match it."""
    try:
        return record.getMessage()
    except Exception:
        return str(record.msg)


def _description(error: BaseException) -> str:
    """The exception and where it was raised, in one line."""
    frames = traceback.extract_tb(error.__traceback__, limit=-1)
    where = f" ({_location(frames[0])})" if frames else ""
    try:
        text = str(error)
    except Exception:
        text = "its message cannot be read"
    return f"{type(error).__name__}: {one_line(text)}{where}"


def _is_ours(record: logging.LogRecord, error: BaseException) -> bool:
    """Whether the record needs its traceback: the error involves our code, or no visitor caused it.

    Every request passes the edge, so the edge counts only if the error was raised in it.
    """
    if not record.name.startswith(_OF_VISITORS):
        return True
    files = [frame.f_code.co_filename for frame, _ in traceback.walk_tb(error.__traceback__)]
    ours = [file for file in files if file.startswith(_HERE) and not _LIBRARIES.match(file)]
    return any(file == files[-1] or not file.startswith(_EDGE) for file in ours)


def _traceback_lines(error: BaseException) -> Iterator[str]:
    """The innermost frames of `error`, and the exceptions that caused it."""
    frames = traceback.extract_tb(error.__traceback__)
    yield f"Traceback, the innermost {min(_FRAMES, len(frames))} of {len(frames)} frames:"
    for frame in frames[-_FRAMES:]:
        yield f"{_location(frame)} in {frame.name}: {frame.line}"
    earlier = error.__cause__ or error.__context__
    for _ in range(3):
        if earlier is None:
            return
        yield f"after {_description(earlier)}"
        earlier = earlier.__cause__ or earlier.__context__


def _location(frame: traceback.FrameSummary) -> str:
    return f"{_LIBRARIES.sub('', frame.filename).removeprefix(f'{_HERE}/')}:{frame.lineno}"
