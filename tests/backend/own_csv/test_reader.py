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
from backend.own_csv.gaps import gaps, number_of_gaps
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


DAYS = [str(np.datetime64("2020-01-01") + i) for i in range(160)]


def german(lines=None, **changed):
    """A file with dates, semicolons and decimal commas."""
    days = (f"{day[8:]}.{day[5:7]}.{day[:4]}" for day in DAYS)
    return file(lines or ["day;temp", *(f"{day};{i},5" for i, day in enumerate(days))], **changed)


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
        (file(row7="1,-inf"), "Row 7, column “wind” has an infinite number."),
        (file(row7="1,1e400"), "Row 7, column “wind” has an infinite number."),
        (file(row7="1e13,1"), "Row 7, column “temp” has a number that is too large."),
        (file(row7="1,2,3"), "Column 3 has no name in row 1, but row 7 has a value in it."),
        (file(row7="1" + 40 * ",2"), "Row 7 has 41 values."),
        (file(row7='1,"2'), 'A quote (") that row 7 opens is not closed.'),
        (file(["a,b", *["1,"] * 80]), "The column “b” has no values."),
        (file(["a", *["", "1", "2"] * 80]), "too many gaps: there are not 32 windows of 10 rows"),
        (german(row7="2,5;1"), "Row 7, column “day” has “2,5”, which is no time."),
        (german(row7=";1"), "Row 7, column “day” has no value. Each row needs one, written as in row 2: “01.01.2020”."),
        (german(row7="01.01.2020;1"), "Rows 2 and 7 have the same time in column “day”: “01.01.2020”."),
        (german(row7="06.01.2020;1.5"), "Row 7, column “temp” has “1.5”, but other numbers of the file have decimal"),
        (german(row7="06.01.2020;1.234,5"), "Row 7, column “temp” has “1.234,5”, which is not a number."),
        (file(["day,x", *(f"01/{i % 12 + 1:02}/{2000 + i},{i}" for i in range(80))]), "the day or with the month"),
        (file(["day,day2,x", *(f"{day},{day},{i}" for i, day in enumerate(DAYS))]), "Row 2, column “day2” has “2020-"),
        (file(["x,note", *(f"{i},{'ab'[i % 2] * 80}" for i in range(80))]), "Row 2, column “note” has “aaaa"),
        (file(["kind", *(f"{'xyz'[i % 3]}" for i in range(80))]), "the network would have nothing to read"),
        (file(row7="1,2\0"), "Row 7, column “wind” has “2”, which is not a number."),
        (file().replace(b"temp", b"temp\xff"), "Line 1 is not in UTF-8."),
        (file().decode().encode("utf-16"), "Line 1 is not in UTF-8."),
        (file(row1="temp,temp"), "Columns 1 and 2 have the same name in row 1: “temp”."),
        (file(row1="temp, "), "Column 2 has no name in row 1, but row 2 has"),
        (file(row1="temp,\u200b"), "Column 2 has no name in row 1."),
        (file(row1="1,2"), "Row 1 has only numbers."),
        (file(row1="temp," + 61 * "x"), "The name of column 2 has 61 characters."),
        (file(row1="temp," + 10_000 * "x"), "The name of column 2 has 10,000 characters."),
        (file(LINES[:FEWEST_ROWS]), f"It needs at least {FEWEST_ROWS}"),
        (file(["a", *["1"] * (MOST_ROWS + 1)]), "more than 20,001 lines"),
        (file(["a", *["1"] * MOST_ROWS]).replace(b"\n", b"\r") + b"\n1", "more than 20,001 lines"),
        (file([",".join(f"c{i}" for i in range(17)), *["1" + 16 * ",1"] * 80]), "The file has 17 columns."),
        (file(["a,b", *["1,2"] * 80]), "the network would have nothing to read"),
        (file(["a", *["1" + 99_000 * ","] * 9]), "Row 2 has 99,001 values."),
        (file(["a", *["x" * 9_000] * 100]), "Row 2, column “a” has “xxxxxxxxxxxxxxxxxxxx…”"),
        (file(["id,x", *(f"no. {i},1" for i in range(80))]), "80 different words. At most 10 are read, as classes."),
    ],
)
def test_each_fault_gets_a_sentence_with_row_and_column(data, words):
    assert words in fault(data)


@pytest.mark.parametrize("sign", [";", "\t", "|"])
def test_columns_may_be_separated_by_another_sign_and_then_numbers_may_have_commas(sign):
    table = read(file().replace(b",", sign.encode()).replace(b".", b","))
    assert table == read(file())


@pytest.mark.parametrize(
    ("texts", "step"),
    [
        (DAYS, "1 day"),
        ([f"{day}T12:00:00+02:00" for day in DAYS], "1 day"),
        ([f"{int(day[5:7])}/{int(day[8:])}/{day[:4]} 3:00 PM" for day in DAYS], "1 day"),
        ([f"{day[8:]}/{day[5:7]}/{day[:4]},9.30.00" for day in DAYS], "1 day"),
        ([f"2020-01-01,{i // 4}:{15 * (i % 4):02}" for i in range(80)], "15 minutes"),
        ([f"{2000 + i // 12}-{i % 12 + 1:02}" for i in range(80)], "1 month"),
        ([str(np.datetime64("2000-02") + i + 1 - np.timedelta64(1, "D"))[:10] for i in range(80)], "1 month"),
        ([f"{2000 + i}-01-01" for i in range(80)], "1 year"),
        ([day for day in DAYS if np.is_busday(day)], "1 weekday"),
        ([str(np.datetime64("2020-01-06") + 7 * i) for i in range(80)], "1 week"),
    ],
)
def test_a_column_of_times_is_no_feature_and_puts_the_rows_in_order(texts, step):
    header = "when,clock,x" if "," in texts[0] else "when,x"
    rows = [f"{text},{i}" for i, text in enumerate(texts)]
    table = read(file([header, *rows[::-1]]))
    assert table.names == ("x",)
    assert table.rows[table.whole, 0].tolist() == list(range(len(texts)))
    assert (table.time, table.steps.words) == ("when", step)
    assert gaps(table) == []


def test_all_gaps_are_named_at_once_with_their_number():
    lines = [line for i, line in enumerate(german().decode().split("\n")) if i not in (40, 41, 60)]
    lines[10] = lines[10].split(";")[0] + ";"
    table = read(german([lines[0], *lines[:0:-1]]))
    assert number_of_gaps(table) == 3
    assert gaps(table) == [
        "The most frequent step of the times in “day” is 1 day. Others go from 2020-02-08 to 2020-02-11 and from "
        "2020-02-28 to 2020-03-01.",
        "The column “temp” has no value in 1 row: 2020-01-10.",
    ]
    table = read(file(row7="1,", row9=",", row10=",", row12=""))
    assert number_of_gaps(table) == 7
    assert gaps(table) == [
        "The column “temp” has no value in 3 rows: rows 9 to 10 and row 12.",
        "The column “wind” has no value in 4 rows: row 7, rows 9 to 10 and row 12.",
    ]


@pytest.mark.parametrize("day", range(0, 160, 13))
def test_a_step_that_is_no_multiple_of_the_usual_one_is_a_gap_too(day):
    texts = [f"{each} 12:00" if i >= day else f"{each} 00:00" for i, each in enumerate(DAYS)]
    table = read(file(["when,x", *(f"{text},{i}" for i, text in enumerate(texts))]))
    assert table.stretches == ((day, 160 - day) if day else (160,))


def test_words_become_positions_and_the_file_that_is_offered_has_the_words(tmp_path):
    kinds = ["rain, snow", "#sun", "café", ""]
    lines = ["kind,day,x", *(f'"{kinds[i % 50 and i % 3]}",{day},{i}' for i, day in enumerate(DAYS))]
    lines[20] = f",{DAYS[19]},19"
    table = read(file(lines))
    assert table.words == {0: ("#sun", "café", "rain, snow")}
    assert unpacked(table.packed) == table
    (tmp_path / "sequences.csv").write_bytes(table.csv())
    again = read_csv(str(tmp_path / "sequences.csv"), words=list(table.words.items()), times=1)
    assert np.array_equal(again, table.rows, equal_nan=True)
    assert read(table.csv()) == table


def test_the_largest_table_and_the_largest_numbers_are_read():
    header = ",".join(f"column {i}" for i in range(MOST_COLUMNS))
    table = read(file([header, *[",".join(str((i * j) % 7) for j in range(MOST_COLUMNS)) for i in range(MOST_ROWS)]]))
    assert table.rows.shape == (MOST_ROWS, MOST_COLUMNS)
    assert read(file(row7=f"{LARGEST:.0f},-1e-300")).rows[5].tolist() == [LARGEST, -1e-300]


def distinct(cell):
    return (
        b"%b\n" % b",".join(b"%d" % i + b"a" for i in range(16))
        + b"\n".join(b",".join(cell(16 * row + i).encode() for i in range(16)) for row in range(8_000))[
            : MOST_BYTES - 100
        ]
    )


@pytest.mark.parametrize(
    "data",
    [
        b'"x\n",' + b"," * 900_000,  # without a bound, pandas makes a column of each
        b'a,"\n' + b'",,,"\n' * 19_000,
        b'a,b\n"' + b"x\n" * 19_000,
        b"a\n" + b'"' * 990_000,
        b"a\n" + b"9" * 990_000 + b"\n1" * 80,
        b"a;b" + b"\n111111111111,;11:11:11:11:11" * 19_000,
        distinct(lambda i: f"w{i}"),
        distinct(lambda i: f"{i % 12 + 1}/1/{i % 9_000 + 1000}"),
        distinct(lambda i: f"{i % 9_000 + 1000}-01-01"),
        b"a\u0301" * 90_000 + b"\n1" * 80,
    ],
)
def test_a_hostile_file_gets_a_sentence_within_bounded_memory(data):
    tracemalloc.start()
    fault(data)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 30 * MOST_BYTES


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
        assert len(fault) < 2_000
        return False
    rows, columns = table.rows.shape
    assert FEWEST_ROWS <= rows <= MOST_ROWS
    assert 1 <= columns == len(set(table.names)) <= MOST_COLUMNS
    assert not (np.abs(table.rows) > LARGEST).any()
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
