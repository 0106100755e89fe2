"""A verdict's table as it is shown."""

from components.investigations.colours import BAD, GOOD
from components.investigations.tables import table

ROWS = [
    {"style": "Sequential", "operations": "749", "difference": "3.0 × 10⁻⁸", "shape": "(32, 2)", "equal": ""},
    {"style": "Functional", "operations": "1,937", "difference": "NaN or infinite", "shape": "(32, 2)", "equal": "12"},
]


def test_columns_of_numbers_are_aligned_on_the_right():
    html = table(ROWS).to_html(table_uuid="t")
    aligned = {column for column in range(4) if f"#T_t .col{column}" in html}
    assert aligned == {0, 1, 3}, "operations, difference and equal, but not the shape"


def test_the_first_column_is_the_index():
    assert list(table(ROWS).index) == ["Sequential", "Functional"]


def test_a_first_column_with_equal_cells_stays_a_column():
    rows = [{"style": "Sequential", "y": "(32, 2)"}, {"style": "Sequential", "y": "(32, 1)"}]
    assert list(table(rows).columns) == ["style", "y"]


def test_marks_are_coloured_and_words_are_not():
    html = table([{"remedy": "none", "agree": "✗ no"}, {"remedy": "mean", "agree": "✓ yes"}]).to_html(table_uuid="t")
    good, bad = GOOD.replace(" ", ""), BAD.replace(" ", "")
    styles = html.replace(" ", "").replace("\n", "")
    assert f"#T_t_row0_col0{{color:{bad}!important" in styles
    assert f"#T_t_row1_col0{{color:{good}!important" in styles
    assert "color" not in table(ROWS).to_html(table_uuid="t")
