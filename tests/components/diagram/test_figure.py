import re

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.styles import STYLES
from components import theme
from components.diagram.figure import figure
from components.diagram.pens import scale_of
from components.diagram.places import positions
from components.diagram.plan import Focus, plan
from tests.components.diagram.cases import HOSTILE, crowded, deep, expected_lines, lines, snapshot
from tests.strategies import architectures, experiments

SEQUENTIAL, FUNCTIONAL = STYLES["sequential"], STYLES["functional"]
DEFAULT = Architecture()


def neurons(drawn):
    return next(trace for trace in drawn.data if trace.name == "neurons")


def words(drawn):
    return [annotation.text for annotation in drawn.layout.annotations]


def texts(drawn):
    """Every text of a figure that Plotly reads for HTML."""
    hovers = [a.hovertext for a in drawn.layout.annotations if a.hovertext]
    return words(drawn) + hovers + list(neurons(drawn).hovertext)


@settings(max_examples=15)
@given(experiments(), st.booleans())
def test_every_drawn_edge_is_one_line(experiment, weighted):
    weights = snapshot(experiment).left if weighted else None
    style = experiment.styles()[0]
    drawn = figure(experiment.architecture, style, weights=weights)
    assert lines(drawn) == expected_lines(experiment.architecture, style)


@settings(max_examples=15)
@given(experiments(), st.booleans(), st.data())
def test_a_focus_highlights_exactly_its_edges_in_both_styles(experiment, weighted, data):
    architecture = experiment.architecture
    picture = plan(architecture)
    focus = data.draw(st.sampled_from(picture.focusable))
    for style, weights in zip(experiment.styles(), (snapshot(experiment).left, None), strict=True):
        drawn = figure(architecture, style, focus, weights if weighted else None)
        highlighted = lines(drawn, lambda name: name != "dim")
        assert weighted or highlighted == lines(drawn, lambda name: name.startswith("lit"))
        assert highlighted == expected_lines(
            architecture, style, lambda block, i, j: picture.highlighted(block, focus)[i, j]
        )
        assert len(highlighted) > 0
        assert set(lines(drawn)) == set(expected_lines(architecture, style))


@settings(max_examples=25)
@given(experiments())
def test_both_styles_have_the_same_neurons_in_the_same_places(experiment):
    here, there = (neurons(figure(experiment.architecture, style)) for style in experiment.styles())
    assert (here.x, here.y, here.customdata) == (there.x, there.y, there.customdata)


@settings(max_examples=25)
@given(architectures())
def test_neurons_of_a_column_do_not_touch(architecture):
    columns = {}
    for x, ys, _ in positions(architecture).values():
        assert ((ys > 0) & (ys < 1)).all()
        columns.setdefault(round(x, 6), []).extend(ys)
    for ys in columns.values():
        assert len(ys) == 1 or np.diff(sorted(ys)).min() > 0.025
    assert len(columns) == plan(architecture).columns


@settings(max_examples=10)
@given(experiments())
def test_plotly_accepts_every_figure(experiment):
    drawn = figure(experiment.architecture, experiment.styles()[0], weights=snapshot(experiment).left)
    checked = go.Figure(drawn.to_dict())  # raises for a property that Plotly does not know or take
    assert len(checked.data) == len(drawn.data)


def test_labels_name_layers_counts_folded_neurons_and_recurrences():
    text = words(figure(DEFAULT, SEQUENTIAL))
    assert "<b>Sequential</b>  one Dense(2)" in text
    assert {"inputs", "LSTM", "Dense", "outputs", "32", "8", "… 20 more", "t = 1 … 10", "Dense(2)"} <= set(text)
    assert any("↻" in word and "32 × 32" in word for word in text)
    assert {"<b>mean</b><br>Dense(1)", "<b>trend</b><br>Dense(1)"} <= set(words(figure(DEFAULT, FUNCTIONAL)))


def test_labels_say_how_much_is_folded():
    text = words(figure(crowded(), FUNCTIONAL))
    assert text.count("… 244 more") + text.count("+244") == 3
    assert "… 48 more heads" in text
    assert any("256" in word and "↻" in word for word in text)
    one_more = Architecture(heads=tuple(Head(name=f"h{i}") for i in range(17)))
    assert "… 1 more head" in words(figure(one_more, FUNCTIONAL))


def test_a_fused_layer_has_one_box_and_the_others_one_each():
    fused, apart = figure(DEFAULT, SEQUENTIAL).layout.shapes, figure(DEFAULT, FUNCTIONAL).layout.shapes
    assert [box.line.color for box in fused] == [theme.NEUTRAL]
    assert [box.line.color for box in apart] == [theme.task_hue(0), theme.task_hue(1)]
    (_, mean, _), (_, trend, _) = (positions(DEFAULT)[name] for name in ("mean", "trend"))
    assert fused[0].y0 < trend[0] < mean[0] < fused[0].y1
    assert apart[1].y0 < trend[0] < apart[1].y1 < apart[0].y0 < mean[0] < apart[0].y1


def test_no_edge_runs_inside_a_box():
    """Edges end at the wall of the box; only the last, level bit of each output is inside."""
    drawn = figure(DEFAULT, SEQUENTIAL)
    left_wall = drawn.layout.shapes[0].x0
    inside = [line for line in lines(drawn) if max(line[0], line[2]) > left_wall + 1e-6]
    assert len(inside) == 2
    assert all(y0 == y1 for _, y0, _, y1 in inside)


def test_neurons_are_drawn_above_edges():
    assert figure(DEFAULT, SEQUENTIAL).data[-1].name == "neurons"


def test_a_point_names_its_neuron():
    drawn = neurons(figure(DEFAULT, FUNCTIONAL))
    assert drawn.customdata[0] == ("inputs", 0)
    assert drawn.customdata[-1] == ("trend", 0)
    assert len(drawn.customdata) == 2 + 12 + 8 + 2


def test_edges_into_an_output_have_the_hue_of_its_head():
    drawn = figure(DEFAULT, SEQUENTIAL)
    y = positions(DEFAULT)["trend"].ys[0]
    hued = lines(drawn, lambda name: name == f"head {theme.task_hue(1)}")
    assert len(hued) == 8 + 1
    assert {line[3] for line in hued} == {round(float(y), 6)}


def test_weights_have_sign_and_size():
    weights = snapshot(Experiment()).left
    kernel = np.zeros((8, 1))
    kernel[0], kernel[1], kernel[2] = -1.0, 0.6, 0.3
    weights = {**weights, "dense→mean": kernel, "dense→trend": kernel * 0.1}
    scale = scale_of([b for b in plan(DEFAULT).blocks(SEQUENTIAL) if b.head], weights)
    assert scale == 1.0
    drawn = figure(DEFAULT, SEQUENTIAL, weights=weights, scale=scale)
    ys, (mean,) = positions(DEFAULT)["dense"].ys, positions(DEFAULT)["mean"].ys

    def where(line_from, line_to):
        return next(t for t in drawn.data if t.mode == "lines" and _has(t, line_from, line_to))

    def _has(trace, y0, y1):
        points = np.column_stack([trace.x, trace.y]).reshape(-1, 3, 2)
        near = np.isclose(points[:, 0, 1], y0) & np.isclose(points[:, 1, 1], y1)
        return bool((near & (points[:, 1, 0] > 0.8) & (points[:, 0, 0] < 0.8)).any())

    negative, positive, thinner = where(ys[0], mean), where(ys[1], mean), where(ys[2], mean)
    assert negative.line.color == theme.translucent(theme.NEGATIVE, 1)
    assert positive.line.color == theme.translucent(theme.POSITIVE, 1)
    assert negative.line.width == positive.line.width > thinner.line.width > where(ys[7], mean).line.width


def test_lstm_edges_have_no_sign():
    weights = {key: np.full((12, 12), 5.0) for key in ("inputs→lstm",)}
    drawn = figure(DEFAULT, SEQUENTIAL, weights=weights)
    assert len(lines(drawn, lambda name: name.startswith("norm"))) == 2 * 12


def test_epochs_differ_in_their_lines_only():
    experiment = Experiment()
    first, later = (
        figure(DEFAULT, SEQUENTIAL, weights=snapshot(experiment, epoch, seed=epoch).left).to_dict() for epoch in (0, 9)
    )
    assert first["layout"] == later["layout"]
    assert [trace["name"] for trace in first["data"]] == [trace["name"] for trace in later["data"]]


@pytest.mark.parametrize(
    "weights",
    [{}, {"dense→mean": np.ones((2, 1))}, {"dense→mean": np.full((8, 1), np.nan)}, {"dense→mean": np.array(3.0)}],
)
def test_missing_or_nan_weights_are_drawn_as_zero(weights):
    drawn = figure(DEFAULT, SEQUENTIAL, weights=weights, scale=scale_of(plan(DEFAULT).blocks(SEQUENTIAL), weights))
    assert lines(drawn) == expected_lines(DEFAULT, SEQUENTIAL)


@settings(max_examples=25)
@given(st.text(max_size=60) | st.just(HOSTILE))
def test_a_label_is_never_interpreted_as_html(label):
    roomy = Architecture(heads=(Head(name="mean", label=label), Head(name="trend")))
    for architecture, style in ((deep(label), FUNCTIONAL), (roomy, FUNCTIONAL), (roomy, SEQUENTIAL)):
        for text in texts(figure(architecture, style)):
            bare = re.sub(r"</?b>|<br>|<span style='font-size:14px'>|</span>", "", text)
            assert "<" not in bare
            assert ">" not in bare
            assert "$" not in bare
            assert not re.search(r"&(?!(amp|lt|gt|#36);)", bare)


def test_a_label_is_still_shown():
    drawn = figure(deep("fish & <chips>"), FUNCTIONAL)
    assert any("fish &amp; &lt;chi" in word for word in words(drawn))
    assert any("fish &amp; &lt;chips&gt; (mean), unit 2" in text for text in texts(drawn))


def test_another_turn_is_another_figure():
    assert figure(DEFAULT, SEQUENTIAL, turn=0) != figure(DEFAULT, SEQUENTIAL, turn=1)


def test_the_highlighted_neuron_has_a_ring():
    drawn = neurons(figure(DEFAULT, SEQUENTIAL, Focus("dense", 2)))
    rings = [point for point, width in zip(drawn.customdata, drawn.marker.line.width, strict=True) if width]
    assert rings == [("dense", 2)]
    bright = {point for point, opacity in zip(drawn.customdata, drawn.marker.opacity, strict=True) if opacity == 1}
    assert bright == {("dense", 2), ("mean", 0), ("trend", 0)}
