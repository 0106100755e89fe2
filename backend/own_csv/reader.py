"""Reads a visitor's CSV file: a table of finite numbers, or a sentence that says what is wrong, and where.

The server checks what is cheap (`unpack`, `text_of`), and a worker parses the text (`parse`). Rows are counted as in a
spreadsheet: the header is row 1.
"""

from __future__ import annotations

import io
import re

import numpy as np
import pandas as pd

from backend import packed as packed_file
from backend.experiment.dataset import FEWEST
from backend.experiment.own_table import LARGEST, MOST_BYTES, MOST_CLASSES, MOST_COLUMNS, MOST_NAME, MOST_ROWS, Table
from backend.experiment.sources import MOST_PARTS, most_reach
from backend.own_csv.cells import MISSING, Unreadable, plain, quoted, where
from backend.own_csv.gaps import gaps
from backend.own_csv.times import in_order, take_times
from backend.words import counted

#: The fewest rows: enough for `FEWEST` windows of ten rows, the usual length, in `MOST_PARTS` parts that share no row.
_REACH = 10
FEWEST_ROWS = FEWEST + MOST_PARTS * _REACH
_ENOUGH = f"{FEWEST} windows of {_REACH} rows, in {MOST_PARTS} parts that share no row"
#: The signs that may separate columns, and the most cells of a row: more columns may be empty, or have the times.
_SEPARATORS, _MOST_CELLS = ",;\t|", 2 * MOST_COLUMNS
_DECIMAL_COMMA = r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?"


def unpack(packed: str) -> bytes:
    """The bytes of a file that a browser has packed: its gzip in Base64. Raises `Unreadable`."""
    try:
        return packed_file.unpack(packed, MOST_BYTES)
    except packed_file.TooLarge:
        raise Unreadable(_too_large()) from None
    except packed_file.Damaged:
        raise Unreadable("The file was damaged on its way. Open it again.") from None


def text_of(data: bytes) -> str:
    """The text of a file that has at most the bytes and lines of the largest table. Raises `Unreadable`."""
    if len(data) > MOST_BYTES:
        raise Unreadable(_too_large())
    return _text(_lines(data))


def parse(text: str) -> Table:
    """The table in the text of a file, in the order of time if it has times. Raises `Unreadable`."""
    cells = _cells(text)
    if len(cells) < FEWEST_ROWS:
        raise Unreadable(
            f"The file has {counted(len(cells), 'row')} below the header. It needs at least {FEWEST_ROWS}: enough for "
            f"{_ENOUGH}."
        )
    time, at = take_times(cells)
    if (number := len(cells.columns)) > MOST_COLUMNS:
        raise Unreadable(f"The file has {number:,} columns. At most {MOST_COLUMNS} are read. Leave out some.")
    decimal = _decimal_sign(cells)
    read = [_column(name, cells[name], decimal) for name in cells.columns]
    rows = np.stack([numbers for numbers, _ in read], axis=1) if read else np.empty((len(cells), 0))
    words = {column: of for column, (_, of) in enumerate(read) if of}
    rows, times = in_order(rows, at)
    table = Table(cells.columns, rows, words=words, time=time, times=times)
    if all(table.constant):
        raise Unreadable("Each column has the same number in all rows, so there is nothing to predict.")
    if all(table.constant[column] for column in table.readable):
        raise Unreadable("No column has different numbers, so the network would have nothing to read.")
    if most_reach(table.stretches, FEWEST) < _REACH:
        advice = " Leave out the column of times if steps need not be equal." if time else ""
        raise Unreadable(f"The file has too many gaps: there are not {_ENOUGH}. {' '.join(gaps(table))}{advice}")
    return table


def _too_large() -> str:
    return f"The file has more than {MOST_BYTES:,} bytes, the most that is read. Leave out rows or columns."


def _lines(data: bytes) -> bytes:
    """The file without blank lines at its end. Raises `Unreadable` for more lines than the largest table has.

    It makes no object of a line, because a million blank ones would take a second. Lines end as for `csv.reader`: with
    LF, with CR, or with both.
    """
    data = data.rstrip(b"\r\n ")
    if data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n") > MOST_ROWS:
        raise Unreadable(
            f"The file has more than {MOST_ROWS + 1:,} lines: the header and {MOST_ROWS:,} rows are the most that is "
            "read. Leave out some."
        )
    return data


def _text(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Unreadable("The file is in UTF-16. Save it as CSV in UTF-8.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        raise Unreadable(f"Line {row} is not in UTF-8. Save the file as CSV in UTF-8.") from None
    if "\0" in text:
        raise Unreadable(f"Line {text[: text.index(chr(0))].count(chr(10)) + 1} has a zero byte: this is no CSV file.")
    return text


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
    if all(map(_is_number, names)):
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
    if len(cell) > 10 * MOST_NAME:  # before the work on each character
        raise Unreadable(_long_name(position, len(cell)))
    name = plain(cell)
    if not name:
        but = f", but row {first:,} has a value in it" if first > 1 else ""
        raise Unreadable(f"Column {position} has no name in row 1{but}. Each column needs one.")
    if len(name) > MOST_NAME:
        raise Unreadable(_long_name(position, len(name)))
    return name


def _long_name(position: int, length: int) -> str:
    return f"The name of column {position} has {length:,} characters. It can have at most {MOST_NAME}."


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _decimal_sign(cells: pd.DataFrame) -> str:
    """A comma if a cell has a number with one, as in files that separate columns by another sign; else a point."""
    return "," if any(cells[name].str.fullmatch(_DECIMAL_COMMA).any() for name in cells.columns) else "."


def _column(name: str, cells: pd.Series, decimal: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """The numbers of a column, NaN for a gap; and its words, if it has no numbers. Raises `Unreadable`."""
    missing = cells.str.lower().isin(MISSING)
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
        raise Unreadable(f"{where(told.index[at], name)} has {_fault(told.iloc[at], numbers.iloc[at])}")
    return numbers.reindex(cells.index).to_numpy(), ()


def _words(name: str, cells: pd.Series, told: pd.Series) -> tuple[np.ndarray, tuple[str, ...]]:
    """The positions of the words of a column among its different words in order, NaN for a gap; and these words."""
    words = sorted(set(told))
    for word in words[: MOST_CLASSES + 1]:
        if len(word) > MOST_NAME or plain(word) != word:
            row = told.index[told == word][0]
            raise Unreadable(f"{where(row, name)} has {quoted(word)}, which is neither a number nor a short word.")
    if len(words) > MOST_CLASSES:
        raise Unreadable(
            f"{where(told.index[0], name)} has {quoted(told.iloc[0])}, which is not a number. The column has "
            f"{len(words):,} different words. At most {MOST_CLASSES} are read, as classes. Leave out this column."
        )
    return cells.map({word: position for position, word in enumerate(words)}).to_numpy(float), tuple(words)


def _fault(cell: str, number: float) -> str:
    """What is wrong with a cell, as the end of a sentence, and what is allowed."""
    if abs(number) > LARGEST:
        size = "an infinite number" if np.isinf(number) else "a number that is too large"
        return f"{size}. Numbers go from −{LARGEST:,.0f} to {LARGEST:,.0f}."
    if np.isnan(number):
        return f"{quoted(cell)}, which is not a number. The column has numbers in other rows."
    return f"{quoted(cell)}, but other numbers of the file have decimal commas. Write all numbers in the same way."
