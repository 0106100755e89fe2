"""Reads a visitor's CSV file: a table of finite numbers, or a sentence that says what is wrong, and where.

The server checks what is cheap (`unpack`, `text_of`), and a worker parses the text (`parse`). Rows are counted as in a
spreadsheet: the header is row 1.
"""

from __future__ import annotations

import io
import re
import unicodedata
from typing import Annotated

import numpy as np
import pandas as pd
from pydantic import Field

from backend import packed as packed_file
from backend.experiment.dataset import FEWEST
from backend.experiment.own_table import (
    LARGEST,
    MOST_BYTES,
    MOST_CLASSES,
    MOST_COLUMNS,
    MOST_NAME,
    MOST_ROWS,
    Table,
    steps_of,
)
from backend.experiment.sources import MOST_PARTS, most_reach
from backend.jobs.messages import Payload
from backend.own_csv.gaps import gaps
from backend.words import counted

#: The fewest rows: enough for `FEWEST` windows of ten rows, the usual length, in `MOST_PARTS` parts that share no row.
_REACH = 10
FEWEST_ROWS = FEWEST + MOST_PARTS * _REACH
_ENOUGH = f"{FEWEST} windows of {_REACH} rows, in {MOST_PARTS} parts that share no row"
#: The signs that may separate columns, and the most cells of a row: more columns may be empty, or have the times.
_SEPARATORS, _MOST_CELLS = ",;\t|", 2 * MOST_COLUMNS
_DECIMAL_COMMA = r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?"
_MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "#n/a", "-", "?"})
_SPACE = re.compile(r"\s+")
_DATE, _CLOCK = r"\d{1,4}[-./]\d{1,2}.*", r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?"
#: How dates and times are written. In ISO 8601, either may be left out from the right.
_FORMATS = (
    "ISO8601",
    *(
        date + clock
        for date in ("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y")
        for clock in ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
    ),
)


class Unreadable(ValueError):
    """Why a file is not read, in sentences. They may quote the file, so a page must not show them as Markdown."""


class ReadTableJob(Payload):
    """The payload of an `own_csv` job: the text of a file, within the bounds that `text_of` checks.

    The result is its `Table`, or a sentence that says why the file has none.
    """

    kind = "own_csv"

    text: Annotated[str, Field(max_length=MOST_BYTES, repr=False)]


def unpack(packed: str) -> bytes:
    """The bytes of a file that a browser has packed: its gzip in Base64. Raises `Unreadable`."""
    try:
        return packed_file.unpack(packed, MOST_BYTES)
    except packed_file.TooLarge:
        raise Unreadable(
            f"The file has more than {MOST_BYTES:,} bytes, the most that is read. Leave out rows or columns."
        ) from None
    except packed_file.Damaged:
        raise Unreadable("The file was damaged on its way. Open it again.") from None


def text_of(data: bytes) -> str:
    """The text of a file without blank lines at its end. Raises `Unreadable` for too many lines, or no UTF-8.

    It makes no object of a line, because a million blank ones would take a second. Lines end as for `csv.reader`: with
    LF, with CR, or with both.
    """
    data = data.rstrip(b"\r\n ")
    if data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n") > MOST_ROWS:
        raise Unreadable(
            f"The file has more than {MOST_ROWS + 1:,} lines: the header and {MOST_ROWS:,} rows are the most that is "
            "read. Leave out some."
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        raise Unreadable(f"Line {row} is not in UTF-8. Save the file as CSV in UTF-8.") from None


def parse(text: str) -> Table:
    """The table in the text of a file, in the order of time if it has times. Raises `Unreadable`."""
    cells = _cells(text)
    if len(cells) < FEWEST_ROWS:
        raise Unreadable(
            f"The file has {counted(len(cells), 'row')} below the header. It needs at least {FEWEST_ROWS}: enough for "
            f"{_ENOUGH}."
        )
    time, at = _take_times(cells)
    if (number := len(cells.columns)) > MOST_COLUMNS:
        raise Unreadable(f"The file has {number:,} columns. At most {MOST_COLUMNS} are read. Leave out some.")
    decimal = _decimal_sign(cells)
    read = [_column(name, cells[name], decimal) for name in cells.columns]
    rows = np.stack([numbers for numbers, _ in read], axis=1) if read else np.empty((len(cells), 0))
    words = {column: of for column, (_, of) in enumerate(read) if of}
    rows, times = _in_order(rows, at)
    table = Table(cells.columns, rows, words=words, time=time, times=times)
    if all(table.constant[column] for column in table.readable):
        raise Unreadable("No column has different numbers, so the network would have nothing to read.")
    if most_reach(table.stretches, FEWEST) < _REACH:
        advice = " Leave out the column of times if steps need not be equal." if time else ""
        raise Unreadable(f"The file has too many gaps: there are not {_ENOUGH}. {' '.join(gaps(table))}{advice}")
    return table


def _cells(text: str) -> pd.DataFrame:
    """The cells below the header, as text without space around it: a column for each name that has one.

    pandas takes the width from the first row, however wide it is, and refuses wider ones. So an empty row comes first.
    """
    separator = max(_SEPARATORS, key=re.sub('"[^"]*"', "", text.partition("\n")[0].partition("\r")[0]).count)
    try:
        frame = pd.read_csv(
            io.StringIO(f"{separator * (_MOST_CELLS - 1)}\n{text}"), sep=separator, header=None, dtype=str,
            keep_default_na=False, skip_blank_lines=False,
        )  # fmt: skip
    except pd.errors.ParserError as error:
        raise Unreadable(_not_parsed(str(error))) from None
    frame = frame.iloc[1:].apply(lambda column: column.str.strip())
    filled = frame.ne("").to_numpy()
    if not filled.any():
        raise Unreadable("There is nothing in the file.")
    frame = frame.iloc[: np.flatnonzero(filled.any(axis=1))[-1] + 1, np.flatnonzero(filled.any(axis=0))]
    names: dict[str, int] = {}
    for position, cell in zip(frame.columns, frame.iloc[0], strict=True):
        name = _name(position + 1, cell, int(frame[position].ne("").to_numpy().argmax()) + 1)
        if name in names:
            raise Unreadable(f"Columns {names[name]} and {position + 1} have the same name in row 1: “{name}”.")
        names[name] = position + 1
    if pd.to_numeric(pd.Series([*names]), errors="coerce").notna().all():
        raise Unreadable("Row 1 has only numbers. The first row needs to have the names of the columns.")
    cells: pd.DataFrame = frame.iloc[1:]
    cells.columns, cells.index = pd.Index(list(names)), pd.RangeIndex(2, len(frame) + 1)
    return cells


def _not_parsed(error: str) -> str:
    """Why pandas did not read a file, from its message."""
    if found := re.search(r"starting at row (\d+)", error):
        return f'A quote (") that row {int(found[1]):,} opens is not closed. Close it, or leave it out.'
    if found := re.search(r"in line (\d+), saw (\d+)", error):
        return f"Row {int(found[1]) - 1:,} has {int(found[2]):,} values. At most {MOST_COLUMNS} columns are read."
    return "The file cannot be read as CSV."


def _name(position: int, cell: str, first: int) -> str:
    """The name of a column from its cell in row 1. The column has its first value in the row `first`."""
    name = _plain(cell)
    if not name:
        but = f", but row {first:,} has a value in it" if first > 1 else ""
        raise Unreadable(f"Column {position} has no name in row 1{but}. Each column needs one.")
    if len(name) > MOST_NAME:
        raise Unreadable(
            f"The name of column {position} has {len(name):,} characters. It can have at most {MOST_NAME}."
        )
    return name


def _decimal_sign(cells: pd.DataFrame) -> str:
    """A comma if a cell has a number with one, as in files that separate columns by another sign; else a point."""
    return "," if any(cells[name].str.fullmatch(_DECIMAL_COMMA).any() for name in cells.columns) else "."


def _column(name: str, cells: pd.Series, decimal: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """The numbers of a column, NaN for a gap; and its words, if it has no numbers. Raises `Unreadable`."""
    missing = cells.str.lower().isin(_MISSING)
    told = cells[~missing]
    if told.empty:
        raise Unreadable(f"The column “{name}” has no values. Leave it out.")
    dotted = told.str.replace(",", ".") if decimal == "," else told
    numbers = pd.to_numeric(dotted, errors="coerce").astype(float)
    if numbers.isna().all():
        return _words(name, cells, told)
    wrong = numbers.isna() | (numbers.abs() > LARGEST)
    if decimal == ",":
        wrong |= told.str.contains(".", regex=False)
    if wrong.any():
        at = int(np.argmax(wrong))
        raise Unreadable(f"{_where(told.index[at], name)} has {_fault(told.iloc[at], numbers.iloc[at])}")
    return numbers.reindex(cells.index).to_numpy(), ()


def _words(name: str, cells: pd.Series, told: pd.Series) -> tuple[np.ndarray, tuple[str, ...]]:
    """The positions of the words of a column among its different words in order, NaN for a gap; and these words."""
    words = sorted(set(told))
    for word in words[: MOST_CLASSES + 1]:
        if len(word) > MOST_NAME or _plain(word) != word:
            row = told.index[told == word][0]
            raise Unreadable(f"{_where(row, name)} has {_quoted(word)}, which is neither a number nor a short word.")
    if len(words) > MOST_CLASSES:
        raise Unreadable(
            f"{_where(told.index[0], name)} has {_quoted(told.iloc[0])}, which is not a number. The column has "
            f"{len(words):,} different words. At most {MOST_CLASSES} are read, as classes. Leave out this column."
        )
    return cells.map({word: position for position, word in enumerate(words)}).to_numpy(float), tuple(words)


def _fault(cell: str, number: float) -> str:
    """What is wrong with a cell, as the end of a sentence, and what is allowed."""
    if abs(number) > LARGEST:
        size = "an infinite number" if np.isinf(number) else "a number that is too large"
        return f"{size}. Numbers go from −{LARGEST:,.0f} to {LARGEST:,.0f}."
    if np.isnan(number):
        return f"{_quoted(cell)}, which is not a number. The column has numbers in other rows."
    return f"{_quoted(cell)}, but other numbers of the file have decimal commas. Write all numbers in the same way."


def _take_times(cells: pd.DataFrame) -> tuple[str, np.ndarray]:
    """Remove the times from the columns of `cells`: their name and datetimes in milliseconds; or neither.

    They are in the first column of dates. The time of day may be in the next column. Raises `Unreadable`.
    """
    names = list(cells.columns)
    for name, following in zip(names, [*names[1:], ""], strict=True):
        if not cells[name].iloc[:1].str.fullmatch(_DATE).all():
            continue
        texts = cells[name]
        if following and cells[following].str.fullmatch(_CLOCK).all() and not texts.str.contains(":").any():
            texts = texts + " " + cells[following].str.replace(".", ":").str.replace(r"^(\d):", r"0\1:", regex=True)
        else:
            following = ""
        if (times := _times(name, texts)) is not None:
            cells.drop(columns=[name, *([following] if following else [])], inplace=True)
            return name, times
    return "", np.array([], "M8[ms]")


def _times(name: str, texts: pd.Series) -> np.ndarray | None:
    """The times of a column; None if its first cell is none. Raises `Unreadable` if only others are none."""
    fitting = [each for each in _FORMATS if _parsed_times(texts.iloc[:1], each).notna().all()]
    if not fitting:
        return None
    read = [_parsed_times(texts, each) for each in fitting]
    best = max(read, key=lambda each: each.notna().sum())
    if (wrong := best.isna()).any():
        at = int(np.argmax(wrong))
        row, text = texts.index[at], texts.iloc[at]
        cell = "no value" if text.lower() in _MISSING else f"{_quoted(text)}, which is no time"
        raise Unreadable(
            f"{_where(row, name)} has {cell}. Each row needs one, written as in row {texts.index[0]}: "
            f"{_quoted(texts.iloc[0])}."
        )
    if any(each.notna().all() and not each.equals(best) for each in read):
        raise Unreadable(
            f"The dates in column “{name}”, such as {_quoted(texts.iloc[0])}, can begin with the day or with the "
            "month. Write them as 2026-01-31."
        )
    times: np.ndarray = best.dt.tz_localize(None).to_numpy("M8[ms]")
    if (again := pd.Series(times, texts.index).duplicated()).any():
        at = int(np.argmax(again))
        row, first = texts.index[at], texts.index[times == times[at]][0]
        raise Unreadable(
            f"Rows {first:,} and {row:,} have the same time in column “{name}”: {_quoted(texts.iloc[at])}. Each time "
            "needs one row. If the file has several series, keep one of them."
        )
    return times


def _parsed_times(texts: pd.Series, format: str) -> pd.Series:
    return pd.to_datetime(texts, format=format, errors="coerce", utc=True)


def _in_order(rows: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows and their times in the order of time. Rows of gaps without a time stand for those that are missing.

    There are as many as usual steps fit in. If that would be too many, or if the step is no multiple of the usual one,
    one row stands for all: windows do not cross it.
    """
    if len(times) < 2:
        return rows, times
    order = np.argsort(times)
    rows, times = rows[order], times[order]
    found = steps_of(times)
    differences = np.diff(found.ticks)
    missing = np.where(differences % found.step == 0, differences // found.step - 1, 1)
    if missing.sum() > MOST_ROWS:
        missing = np.minimum(missing, 1)
    after = np.repeat(np.arange(1, len(rows)), missing)
    return np.insert(rows, after, np.nan, axis=0), np.insert(times, after, np.datetime64("NaT"))


def _plain(name: str) -> str:
    """A text on one line, without invisible characters."""
    visible = (char if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn") else " " for char in name)
    return _SPACE.sub(" ", unicodedata.normalize("NFC", "".join(visible))).strip()


def _where(row: int, name: str) -> str:
    """A cell by its row and column, at the beginning of a sentence."""
    return f"Row {row:,}, column “{name}”"


def _quoted(cell: str) -> str:
    """What is in a cell, cut after some characters."""
    text = _plain(cell[:80])
    return f"“{text}”" if len(text) <= 20 else f"“{text[:20]}…”"
