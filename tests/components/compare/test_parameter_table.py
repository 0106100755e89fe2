"""The parameter table: a row for each layer, and the total of all."""

from hypothesis import given

from backend.experiment.styles import STYLES
from backend.network.parameters import layers, parameters
from components.compare.models import frame
from tests.builders.strategies import architectures


@given(architectures())
def test_the_table_has_each_layer_and_the_total_in_every_style(architecture):
    for style in STYLES.values():
        if style.unsupported_reason(architecture) is None:
            table = frame(architecture, style)
            assert len(table) == len(layers(architecture, style)) + 1
            assert table.loc["total", "Parameters"] == f"{parameters(architecture, style):,}"
