"""A file becomes a table of finite numbers, or gets a sentence that says what is wrong and where."""

import base64
import csv
import gzip
import io
import tracemalloc

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backend.experiment.own_table import LARGEST, MOST_BYTES, MOST_COLUMNS, MOST_NAME, MOST_ROWS, unpacked
from backend.experiment.windows import read_csv
from backend.own_csv.reader import FEWEST_ROWS, Unreadable, parse, text_of, unpack
from backend.packed import MOST_PACKED


def read(data):
    return parse(text_of(data))


LINES = ["temp,wind", *(f"{i / 4},{i % 3}" for i in range(80))]


def file(lines=LINES, **changed):
    """A file of these lines; `row7="…"` replaces the row with that number, where the header is row 1."""
    lines = list(lines)
    for row, text in changed.items():
        lines[int(row.removeprefix("row")) - 1] = text
    return "\n".join(lines).encode()


def fault(data):
    with pytest.raises(Unreadable) as unreadable:
        read(data)
    return str(unreadable.value)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", "\n\n\n", "\n,\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_lines_may_end_as_they_like_and_the_file_may_begin_with_a_mark(ending, mark):
    lines = ending.strip(",\n") or "\n" if "\n\n" in ending or "," in ending else ending
    table = read(mark + lines.join(LINES).encode() + ending.encode())
    assert table.names == ("temp", "wind")
    assert table.rows.tolist() == [[i / 4, i % 3] for i in range(80)]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "There is nothing in the file."),
        (b"\n , \n", "There is nothing in the file."),
        (file(row7="1,abc"), "Row 7, column “wind” has “abc”, which is not a number."),
        (file(row7="1,"), "Row 7, column “wind” has no value."),
        (file(row7="NaN,2"), "Row 7, column “temp” has no value."),
        (file(row7="1,-inf"), "Row 7, column “wind” has an infinite number."),
        (file(row7="1,1e400"), "Row 7, column “wind” has an infinite number."),
        (file(row7="1e13,1"), "Row 7, column “temp” has a number that is too large."),
        (file(row7="1"), "Row 7 has 1 value, but row 1 has 2 names."),
        (file(row7="1,2,3"), "Row 7 has 3 values, but row 1 has 2 names."),
        (file(row7=""), "Row 7 is empty"),
        (file(row7='1,"2'), "cannot be read as CSV"),
        (file(row7="1,2\0"), "Line 7 has a zero byte"),
        (file().replace(b"temp", b"temp\xff"), "Line 1 is not in UTF-8."),
        (file().decode().encode("utf-16"), "The file is in UTF-16."),
        (file(row1="temp,temp"), "Columns 1 and 2 have the same name in row 1: “temp”."),
        (file(row1="temp, "), "Column 2 has no name in row 1."),
        (file(row1="temp,\u200b"), "Column 2 has no name in row 1."),
        (file(row1="1,2"), "Row 1 has only numbers."),
        (file(row1="temp," + 61 * "x"), "The name of column 2 has 61 characters."),
        (file(row1="temp," + 10_000 * "x"), "The name of column 2 has 10,000 characters."),
        (file().replace(b",", b";"), "separated by semicolons"),
        (file().replace(b",", b"\t"), "separated by tabs"),
        (file(LINES[:FEWEST_ROWS]), f"It needs at least {FEWEST_ROWS}"),
        (file(["a", *["1"] * (MOST_ROWS + 1)]), "more than 20,001 lines"),
        (file(["a", *["1"] * MOST_ROWS]).replace(b"\n", b"\r") + b"\n1", "more than 20,001 lines"),
        (file([",".join(f"c{i}" for i in range(17)), *["1" + 16 * ",1"] * 80]), "Row 1 has 17 columns."),
        (file(["a,b", *["1,2"] * 80]), "the same number in all rows"),
        (file(["day,wind", *(f"2020-01-{i},1" for i in range(80))]), "Leave out this column."),
        (b"a" * (MOST_BYTES + 1), "more than 1,000,000 bytes"),
    ],
)
def test_each_fault_gets_a_sentence_with_row_and_column(data, words):
    assert words in fault(data)


def test_the_largest_table_and_the_largest_numbers_are_read():
    header = ",".join(f"column {i}" for i in range(MOST_COLUMNS))
    table = read(file([header, *[",".join(str((i * j) % 7) for j in range(MOST_COLUMNS)) for i in range(MOST_ROWS)]]))
    assert table.rows.shape == (MOST_ROWS, MOST_COLUMNS)
    assert read(file(row7=f"{LARGEST:.0f},-1e-300")).rows[5].tolist() == [LARGEST, -1e-300]


@pytest.mark.parametrize(
    "data",
    [b"\n" * MOST_BYTES, b"a,b" + b"\n" * 900_000, b"a,b\n" + b",\n" * 490_000, b"a\r" + b"\r" * 900_000 + b"1"],
)
def test_a_file_of_blank_lines_is_refused_without_an_object_for_each(data):
    tracemalloc.start()
    fault(data)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 3 * MOST_BYTES, "lists of a million rows take 55 MB"


def test_a_name_is_one_line_of_what_is_seen_and_nothing_else_is_taken_away():
    names = "\ufeff“Läng\u202ee” 🌡️,\"<b onclick='x'>\n$y$\",'; import os #"
    table = read(file([names, *(f"{i},1,2" for i in range(80))]))
    assert table.names == ("“Läng e” 🌡️", "<b onclick='x'> $y$", "'; import os #")


@given(st.integers(0, 2**63), st.integers(1, 6))
def test_the_file_that_is_offered_beside_the_script_has_the_same_numbers(tmp_path_factory, seed, columns):
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(90, columns)) * 10.0 ** rng.integers(-300, 12, (90, columns)).clip(-300, 11)
    names = [f'{i}, "x"\r y' for i in range(columns)]
    text = io.StringIO()
    csv.writer(text).writerows([names, *rows.tolist()])
    table = read(text.getvalue().encode())
    path = tmp_path_factory.getbasetemp() / "sequences.csv"
    path.write_bytes(table.csv())
    assert np.array_equal(read_csv(str(path)), table.rows)
    assert read(table.csv()) == table
    assert unpacked(table.packed) == table


def mutated(data, rng):
    """The file with one to three faults: bytes, cells or lines that are changed, doubled, moved or gone."""
    for _ in range(rng.integers(1, 4)):
        how, lines = rng.integers(6), data.split(b"\n")
        line = rng.integers(len(lines))
        at = rng.integers(len(data) + 1)
        if how == 0:
            data = data[:at] + rng.bytes(rng.integers(1, 6)) + data[at:]
        elif how == 1:
            data = data[:at] + data[at + rng.integers(1, 200) :]
        elif how == 2:
            cell = _CELLS[rng.integers(len(_CELLS))]
            cells = lines[line].split(b",")
            cells[rng.integers(len(cells))] = cell
            data = b"\n".join([*lines[:line], b",".join(cells), *lines[line + 1 :]])
        elif how == 3:
            data = b"\n".join([*lines[:line], lines[line], *lines[line:]])
        elif how == 4:
            data = b"\n".join([*lines[line:], *lines[:line]])
        else:
            data = data.replace(b",", [b";", b",,", b"\t", b'","'][rng.integers(4)], rng.integers(1, 5))
    return data


_CELLS = [
    *(
        b"",
        b"NaN",
        b"inf",
        b"-Infinity",
        b"1e999",
        b"1e-999",
        b"0x10",
        b"1_000",
        b"True",
        b"None",
        b'"',
        b'"1"',
        b"1,5",
    ),
    *(b"\xff\xfe", b"\0", b"=1+1", b"'--", "１".encode(), "🌡️".encode(), "\u202e".encode(), b"9" * 400, b"a" * 200_000),
    *(b"\r", b"\n", b"1\r\n2", b"<script>", b"{0.__class__}", b"%s", b"-0", b".5", b"5.", b"+1"),
]


def is_a_table_or_a_sentence(data):
    fault = ""
    try:
        table = read(data)
    except Unreadable as unreadable:
        fault = str(unreadable)
    if fault:
        assert fault.endswith(".")
        assert len(fault) < 400
        return False
    rows, columns = table.rows.shape
    assert FEWEST_ROWS <= rows <= MOST_ROWS
    assert 1 <= columns == len(set(table.names)) <= MOST_COLUMNS
    assert (np.abs(table.rows) <= LARGEST).all()
    assert all(name.isprintable() and 0 < len(name) <= MOST_NAME for name in table.names)
    return True


def mutations(seeds):
    valid = sum(is_a_table_or_a_sentence(mutated(file(), np.random.default_rng(seed))) for seed in seeds)
    assert 0.05 < valid / len(seeds) < 0.95, "some of both"


def test_2000_mutated_files_are_read_or_get_a_sentence():
    mutations(range(2_000))


@pytest.mark.soak
def test_many_more_mutated_files_do_too():
    mutations(range(2_000, 30_000))


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")))
@example(b"\xef\xbb\xbf")
@example(b'"')
def test_anything_else_gets_a_sentence(data):
    assert not is_a_table_or_a_sentence(data)


def test_what_a_browser_packs_is_unpacked_within_bounds():
    def packed(data):
        return base64.b64encode(gzip.compress(data)).decode()

    assert unpack(packed(file())) == file()
    for damaged in ("", "%", packed(file())[:-8], packed(file())[4:], base64.b64encode(b"no gzip").decode()):
        with pytest.raises(Unreadable, match="damaged"):
            unpack(damaged)
    for large in (packed(b"0" * 50_000_000), "A" * (MOST_PACKED + 1)):
        with pytest.raises(Unreadable, match="more than 1,000,000 bytes"):
            unpack(large)
