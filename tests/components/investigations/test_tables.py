"""A verdict's table as it is shown."""

from components.investigations.tables import table

ROWS = [
    {"style": "Sequential", "operations": "749", "difference": "3.0 × 10⁻⁸", "shape": "(32, 2)", "equal": ""},
    {"style": "Functional", "operations": "1,937", "difference": "NaN or infinite", "shape": "(32, 2)", "equal": "12"},
]


def test_columns_of_numbers_are_aligned_on_the_right():
    html = table(ROWS).to_html(table_uuid="t")
    aligned = {column for column in range(4) if f"#T_t .col{column}" in html}
    assert aligned == {0, 1, 3}, "operations, difference and equal, but not the shape"
