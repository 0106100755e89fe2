"""The figures of a file are valid, whatever the file has, and name heads as they are."""

import plotly.graph_objects as go
import pytest

from components.lab import file_charts
from tests.backend.lab.measured_files import CALM, CLASH, UNDEFINED, file


def drawn(figure):
    """The figure as plain data; Plotly validates it."""
    return go.Figure(figure.to_dict()).to_dict()


def of(draw, found, pairs=(0,)):
    return drawn(draw(found, found.history, pairs, found.history[-1].epoch))


def test_lines_have_the_figures_of_their_pairs():
    found = file(CALM, [CALM, CLASH, UNDEFINED], heads=("a", "b", "c"))
    first, other = of(file_charts.cosines, found, (1, 2))["data"]
    assert (first["name"], list(first["x"]), list(first["y"])) == ("a, c", [0, 1], [0.3, -0.5])
    assert list(other["y"]) == [0.3, None]
    (rates,) = of(file_charts.rates, found, (1,))["data"]
    assert list(rates["y"]) == [0.25, 0.95]
    (ratios,) = of(file_charts.ratios, found, (1,))["data"]
    assert list(ratios["y"]) == [1.5, 1.2]


@pytest.mark.parametrize("draw", [file_charts.cosines, file_charts.rates, file_charts.ratios])
@pytest.mark.parametrize(
    "found",
    [
        file(CALM),
        file(UNDEFINED),
        file((0.0, 0.0, 0.0)),
        file((0.1, 5e-324, 0.0), (0.1, 1.7e308, 1.0)),
        file((0.1, 1e-30, 0.0), (0.1, 1e30, 1.0)),
        file(*[CALM] * 300),
    ],
    ids=range(6),
)
def test_every_file_has_figures(draw, found):
    assert of(draw, found)["data"]


def test_a_name_is_no_html():
    found = file(CALM, heads=("<b>x</b>", "$y$"))
    (line,) = of(file_charts.cosines, found)["data"]
    assert line["name"] == "&lt;b&gt;x&lt;/b&gt;, &#36;y&#36;"
    assert "<b>" not in str(drawn(file_charts.heat(found, found.history[0])))
