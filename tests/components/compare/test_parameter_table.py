"""The parameter table: our arithmetic beside Keras's count, and red where they part."""

import pytest
from hypothesis import given

from backend.experiment.architecture import Architecture
from backend.experiment.styles import STYLES
from backend.network.parameters import layers, parameters
from components.compare.models import frame
from tests.builders.strategies import architectures

THREAD = Architecture()
FUNCTIONAL = STYLES["functional"]


def counts(architecture, style):
    return {layer.name: layer.parameters for layer in layers(architecture, style) if layer.kind != "Input"}


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


@given(architectures())
def test_equal_counts_get_a_check_mark_in_every_style(architecture):
    for style in STYLES.values():
        if style.unsupported_reason(architecture) is None:
            table = frame(architecture, style, counts(architecture, style))
            assert all("✗" not in cell for cell in table["Keras"])
            assert table.loc["total", "Parameters"].endswith(f"{parameters(architecture, style):,}")
