import re

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given, settings

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.styles import STYLES
from components import theme
from components.diagram.kernel_matrices import figure
from components.diagram.kernel_side import shape_words
from components.diagram.plan import Focus, plan
from tests.components.diagram.cases import HOSTILE, crowded, deep, snapshot
from tests.strategies import experiments

DEFAULT = Architecture()
STYLES_OF_THREAD = Experiment().styles()


def matrices(drawn):
    """The bright cells of both styles, the gaps between kernels left out."""
    found = []
    for trace in drawn.data[1::2]:
        cells, width = np.asarray(trace.z, dtype=float), np.diff(trace.x)
        found.append(cells[:, width > 0.99])
    return found


@pytest.mark.parametrize(
    ("architecture", "style", "words"),
    [
        (DEFAULT, "sequential", "kernel (8, 2)"),
        (DEFAULT, "functional", "2 × kernel (8, 1)"),
        (deep(), "functional", "4 kernels: (16, 8), (16, 16), (16, 2), (16, 1)"),
        (crowded(), "sequential", "kernel (256, 127)"),
        (Architecture(heads=DEFAULT.heads[:1]), "functional", "kernel (8, 1)"),
    ],
)
def test_shapes_in_words(architecture, style, words):
    assert shape_words(architecture, STYLES[style]) == words


def test_without_weights_a_column_belongs_to_its_head():
    for cells in matrices(figure(DEFAULT, STYLES_OF_THREAD)):
        assert cells.shape == (8, 2)
        assert (cells[:, 0] == 0).all()
        assert (cells[:, 1] == 1).all()


def test_a_fused_kernel_is_joined_and_two_kernels_have_a_gap():
    fused, apart = (np.diff(trace.x) for trace in figure(DEFAULT, STYLES_OF_THREAD).data[1::2])
    assert list(fused) == [1, 1]
    assert len(apart) == 3
    assert 0 < apart[1] < 1
    frames = [s for s in figure(DEFAULT, STYLES_OF_THREAD).layout.shapes if s.fillcolor == "rgba(0,0,0,0)"]
    assert [frame.line.color for frame in frames] == [theme.NEUTRAL, theme.task_hue(0), theme.task_hue(1)]


def test_weights_are_the_kernels_on_one_scale():
    experiment = Experiment()
    weights = snapshot(experiment)
    weights.right["dense→mean"] = weights.right["dense→mean"] * 100
    drawn = figure(DEFAULT, STYLES_OF_THREAD, weights=(weights.left, weights.right))
    left, right = matrices(drawn)
    np.testing.assert_allclose(left, np.hstack([weights.left["dense→mean"], weights.left["dense→trend"]]))
    np.testing.assert_allclose(right[:, :1], weights.right["dense→mean"])
    scales = {(trace.zmin, trace.zmax) for trace in drawn.data}
    assert len(scales) == 1
    assert scales.pop()[1] >= np.abs(right).max()


def test_a_focus_keeps_its_column_or_row():
    for cells in matrices(figure(DEFAULT, STYLES_OF_THREAD, Focus("trend", 0))):
        assert np.isnan(cells[:, 0]).all()
        assert not np.isnan(cells[:, 1]).any()
    for cells in matrices(figure(DEFAULT, STYLES_OF_THREAD, Focus("dense", 4))):
        assert not np.isnan(cells[4]).any()
        assert np.isnan(np.delete(cells, 4, axis=0)).all()


@settings(max_examples=20)
@given(experiments())
def test_both_styles_show_the_same_cells(experiment):
    picture, styles = plan(experiment.architecture), experiment.styles()
    drawn = figure(experiment.architecture, styles)
    left, right = matrices(drawn)
    columns = sum(picture.first(head).shown for head in picture.heads)
    assert left.shape == right.shape == (picture.shared.shown, columns)
    assert (left == right).all()
    go.Figure(drawn.to_dict())  # raises for a property that Plotly does not know or take


def test_labels_say_how_much_is_folded():
    drawn = figure(crowded(), STYLES_OF_THREAD)
    below = [a.text for a in drawn.layout.annotations if "drawn" in a.text]
    assert below == [
        "kernel (256, 127)<br>12 × 16 drawn",
        "64 kernels: (256,<br>1), (256, 2), (256,<br>3), (256, 1), …<br>12 × 16 drawn",
    ]


def test_a_label_is_never_interpreted_as_html():
    drawn = figure(deep(HOSTILE), (STYLES["functional"], STYLES["subclassing"]))
    texts = [a.text for a in drawn.layout.annotations] + [t for trace in drawn.data for t in np.ravel(trace.text)]
    for text in texts:
        assert "<" not in re.sub(r"</?b>|<br>", "", text)
