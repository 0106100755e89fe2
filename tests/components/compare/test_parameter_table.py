"""The parameter table: our arithmetic beside Keras's count, and red where they part."""

import pytest
from hypothesis import given

from backend.experiment.architecture import Architecture, Head
from backend.experiment.styles import STYLES
from backend.network.parameters import layers, parameters
from components.compare.parameter_table import frame
from tests.builders.strategies import architectures

THREAD = Architecture()
FUNCTIONAL = STYLES["functional"]


def counts(architecture, style):
    return {layer.name: layer.parameters for layer in layers(architecture, style) if layer.kind != "Input"}


def test_the_formulas_of_the_threads_network_add_up():
    table = frame(THREAD, FUNCTIONAL, counts(THREAD, FUNCTIONAL))
    assert table.index[0] == "input"
    assert table.index[-1] == "total"
    assert list(table["Parameters"])[1:] == [
        "4 × 32 × (2 + 32 + 1) = 4,480",
        "8 × (32 + 1) = 264",
        "1 × (8 + 1) = 9",
        "1 × (8 + 1) = 9",
        "4,480 + 264 + 9 + 9 = 4,762",
    ]
    assert list(table["Output"])[:3] == ["(batch, 10, 2)", "(batch, 32)", "(batch, 8)"]
    assert table.loc["total", "Keras"] == ":green[✓\u00a04,762]"
    assert table.loc["input", "Keras"] == ""


def test_without_keras_counts_the_table_shows_no_check():
    assert set(frame(THREAD, FUNCTIONAL, None)["Keras"]) == {"", "…"}


@pytest.mark.parametrize("wrong", [4481, 0])
def test_a_row_and_the_total_are_red_where_keras_counts_differ(wrong):
    told = counts(THREAD, FUNCTIONAL)
    lstm = next(name for name in told if name.startswith("lstm"))
    table = frame(THREAD, FUNCTIONAL, told | {lstm: wrong})
    red = [row for row in table.index if table.loc[row, "Keras"].startswith(":red[✗")]
    assert red == [next(row for row in table.index if row.startswith(lstm)), "total"]


def test_a_layer_missing_in_keras_gets_no_check_mark():
    told = counts(THREAD, FUNCTIONAL)
    told.pop("trend")
    table = frame(THREAD, FUNCTIONAL, told)
    row = next(row for row in table.index if row.startswith("trend"))
    assert "✓" not in table.loc[row, "Keras"]
    assert "✓" not in table.loc["total", "Keras"]


def test_each_layer_of_a_head_names_the_head_and_never_its_label():
    heads = (Head(name="level", hidden=(4,), label="<b>x</b>"), Head(name="trend", task="trend"))
    rows = list(frame(Architecture(heads=heads), FUNCTIONAL, None).index)
    assert any(row.endswith(" (head level)") for row in rows)
    assert "level (Dense)" in rows
    assert not any("<b>" in row for row in rows)


@given(architectures())
def test_equal_counts_get_a_check_mark_in_every_style(architecture):
    for style in STYLES.values():
        if style.unsupported_reason(architecture) is None:
            table = frame(architecture, style, counts(architecture, style))
            assert all("✗" not in cell for cell in table["Keras"])
            assert table.loc["total", "Parameters"].endswith(f"{parameters(architecture, style):,}")
