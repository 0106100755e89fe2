"""Reads a visitor's CSV file: a table of finite numbers, or a sentence that says what is wrong, and where.

The server checks what is cheap (`unpack`, `text_of`), and a worker parses the text (`parse`). Rows are counted as in a
spreadsheet: the header is row 1.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence

import numpy as np
import pandas as pd

from backend import packed as packed_file
from backend.experiment.dataset import FEWEST
from backend.experiment.own_table import LARGEST, MOST_BYTES, MOST_COLUMNS, MOST_NAME, MOST_ROWS, Table
from backend.experiment.sources import MOST_PARTS
from backend.words import counted

#: The fewest rows: enough for `FEWEST` windows of ten rows, the usual length, in `MOST_PARTS` parts that share no row.
FEWEST_ROWS = FEWEST + MOST_PARTS * 10
_SPACE = re.compile(r"\s+")
_MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "#n/a", "-", "?"})


class Unreadable(ValueError):
    """Why a file is not read, in sentences. They may quote the file, so a page must not show them as Markdown."""


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
    """The table in the text of a file. Raises `Unreadable`."""
    header, rows = _rows(text)
    names = _names(header, rows)
    _refuse_few_rows(len(rows))
    for number, row in enumerate(rows, 2):
        if len(row) != len(names):
            raise Unreadable(_wrong_length(number, len(row), len(names)))
    columns = [_numbers(name, [row[i] for row in rows]) for i, name in enumerate(names)]
    table = Table.of(names, np.stack(columns, axis=1))
    if all(table.constant):
        raise Unreadable("Each column has the same number in all rows, so there is nothing to predict.")
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


def _rows(text: str) -> tuple[list[str], list[list[str]]]:
    """The header, and the rows after it without empty ones at the end."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append(row)
    except csv.Error as error:
        raise Unreadable(f"Line {reader.line_num} cannot be read as CSV: {error}.") from None
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    if not rows:
        raise Unreadable("There is nothing in the file.")
    return rows[0], rows[1:]


def _names(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    if len(header) == 1 and rows and (other := next((sign for sign in ";\t|" if sign in header[0]), "")):
        what = {";": "semicolons", "\t": "tabs", "|": "bars"}[other]
        raise Unreadable(f"The columns are separated by {what}. Separate them by commas, with decimal points.")
    if len(header) > MOST_COLUMNS:
        raise Unreadable(f"Row 1 has {len(header):,} columns. At most {MOST_COLUMNS} are read. Leave out some.")
    names: dict[str, int] = {}
    for position, cell in enumerate(header, 1):
        if len(cell) > 10 * MOST_NAME:  # before the work on each character
            raise Unreadable(_long_name(position, len(cell)))
        name = _plain(cell)
        if not name:
            raise Unreadable(f"Column {position} has no name in row 1. Each column needs one.")
        if len(name) > MOST_NAME:
            raise Unreadable(_long_name(position, len(name)))
        if name in names:
            raise Unreadable(f"Columns {names[name]} and {position} have the same name in row 1: “{name}”.")
        names[name] = position
    if all(map(_is_number, names)):
        raise Unreadable("Row 1 has only numbers. The first row needs to have the names of the columns.")
    return list(names)


def _long_name(position: int, length: int) -> str:
    return f"The name of column {position} has {length:,} characters. It can have at most {MOST_NAME}."


def _plain(name: str) -> str:
    """A name on one line, without invisible characters."""
    shown = (char if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn") else " " for char in name)
    return _SPACE.sub(" ", unicodedata.normalize("NFC", "".join(shown))).strip()


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _refuse_few_rows(rows: int) -> None:
    if rows < FEWEST_ROWS:
        raise Unreadable(
            f"The file has {counted(rows, 'row')} below the header. It needs at least {FEWEST_ROWS}: enough for "
            f"{FEWEST} windows of 10 rows, in {MOST_PARTS} parts that share no row."
        )


def _wrong_length(number: int, length: int, names: int) -> str:
    has = "is empty" if not length else f"has {counted(length, 'value')}"
    return f"Row {number:,} {has}, but row 1 has {counted(names, 'name')}."


def _numbers(name: str, cells: list[str]) -> np.ndarray:
    """The numbers of a column. Raises `Unreadable` for the first cell that has none."""
    numbers = np.asarray(pd.to_numeric(np.array(cells, dtype=object), errors="coerce"), dtype=np.float64)
    fine = np.abs(numbers) <= LARGEST
    if fine.all():
        return numbers
    at = int(np.argmin(fine))
    cell, where = cells[at].strip(), f"Row {at + 2:,}, column “{name}”"
    if cell.lower() in _MISSING:
        raise Unreadable(f"{where} has no value. Fill it in, or leave out the row.")
    if not np.isnan(numbers[at]):
        size = "an infinite number" if np.isinf(numbers[at]) else "a number that is too large"
        raise Unreadable(f"{where} has {size}. Numbers go from −{LARGEST:,.0f} to {LARGEST:,.0f}.")
    text = _plain(cell[:80])
    shown = text if len(text) <= 20 else f"{text[:20]}…"
    advice = "Leave out this column." if np.isnan(numbers).all() else "Columns need a number in each row."
    raise Unreadable(f"{where} has “{shown}”, which is not a number. {advice}")
