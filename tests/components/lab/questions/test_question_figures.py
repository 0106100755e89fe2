"""The pictures of the questions: valid figures also of runs that diverged, titles that state what was found."""

import math

import plotly.graph_objects as go
import pytest

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.lab import pictures
from backend.lab.questions import QUESTIONS, trade_offs, unstuck
from backend.lab.questions.conflict import evidence as conflict
from backend.lab.questions.scale import evidence as scale
from backend.lab.recorded import recorded_evidence
from components.lab.questions import conflicts, fronts, outcome, trajectories
from components.lab.questions import scale as scale_panel
from components.theme import LOSS_METHOD_COLOURS, method_colour
from tests.colours import contrast

FAMO, CAGRAD = (recorded_evidence("unstuck", each).evidence for each in QUESTIONS["unstuck"].published)
TRADE_OFFS = recorded_evidence("trade_offs", trade_offs.Settings()).evidence


def drawn(figure):
    """The figure as plain data; Plotly validates it."""
    return go.Figure(figure.to_dict()).to_dict()


def texts(figure):
    return [note["text"] for note in figure["layout"]["annotations"]]


def ends(figure, symbol):
    (trace,) = [trace for trace in figure["data"] if (trace.get("marker") or {}).get("symbol") == symbol]
    return trace


def test_a_panel_marks_ends_by_shape_and_says_how_many_arrive():
    mean, famo = FAMO.runs[0], FAMO.runs[1]
    assert trajectories.arrival_words(mean) == "● 4 arrive, ✕ 1 does not"
    assert trajectories.arrival_words(famo) == "● all 5 arrive"
    figure = drawn(trajectories.panel(FAMO, mean))
    assert len(ends(figure, "circle")["x"]) == 4
    stuck = ends(figure, "x")
    assert list(stuck["text"]) == ["3"]
    assert stuck["customdata"][0].startswith("start 3: not on the front after 50,000 steps")
    assert not len(ends(drawn(trajectories.panel(FAMO, famo)), "x")["x"])
    assert texts(figure) == ["front"]


@pytest.mark.parametrize(
    ("evidence", "title"),
    [
        (
            FAMO,
            "FAMO, MGDA, Nash-MTL and IMTL-G reach the front from all 5 starts; the mean, PCGrad and CAGrad from 4",
        ),
        (
            CAGRAD,
            "FAMO, MGDA, Nash-MTL, IMTL-G, PCGrad and CAGrad reach the front from all 3 starts; the mean from 1",
        ),
        (
            FAMO.model_copy(update={"runs": (FAMO.runs[0].model_copy(update={"arrived": (None,) * 4 + (200,)}),)}),
            "The mean reaches the front from 1 of 5 starts",
        ),
    ],
)
def test_the_title_of_the_trajectories_is_the_finding(evidence, title):
    assert trajectories.title(evidence) == title


@pytest.mark.slow
@pytest.mark.parametrize(
    "settings",
    [
        unstuck.Settings(steps=100, methods=("pcgrad",)),
        unstuck.Settings(steps=150, optimizer="sgd", rate=1.0, problem="cagrad_toy"),
    ],
)
def test_any_runs_have_valid_panels_within_the_window(settings):
    evidence = unstuck.measure(settings)
    lost = evidence.runs[0].model_copy(
        update={"paths": (((0.0, 1e9), (math.nan, math.nan)), *evidence.runs[0].paths[1:])}
    )
    for runs in (*evidence.runs, lost):
        figure = drawn(trajectories.panel(evidence, runs))
        for symbol in ("circle", "x"):
            trace = ends(figure, symbol)
            assert all(-10 <= value <= 10 for value in (*trace["x"], *trace["y"]))
    if not any(each.reached for each in evidence.runs):
        assert trajectories.title(evidence) == f"No method reaches the front within {settings.steps:,} steps"


def test_the_titles_of_the_trade_offs_are_the_findings():
    assert fronts.pair_title(TRADE_OFFS) == (
        "Fixed weights end only near the ends of the front; STCH’s most balanced losses are (0.632, 0.632)"
    )
    assert fronts.three_title(TRADE_OFFS) == (
        "The worst of three heads has a loss of 0.781 with the best fixed weights and 0.700 with STCH; the least "
        "possible is 0.700"
    )


def test_the_front_and_all_methods_are_named_in_the_picture():
    said = texts(drawn(fronts.pair(TRADE_OFFS)))
    assert {"the front", "fixed weights", "STCH, μ = 0.1", "STCH, μ = 0.01"} == set(said)
    said = texts(drawn(fronts.three(TRADE_OFFS)))
    assert "least possible: 0.700" in said
    assert "bound of fixed weights: 0.767" in said
    assert "least 0.781" in said


def test_trade_offs_that_became_nan_or_never_arrived_are_drawn():
    lost = trade_offs.End(losses=(math.nan,) * 3, distance=math.nan, weights=(1.0, 0.0, 0.0))
    few = trade_offs.measure(
        trade_offs.Settings(levels=3, starts=1, steps=100, rate=1e-4, smoothings=(10, 1, 0.1, 0.01))
    )
    none = few.model_copy(update={"three": trade_offs.Ends(fixed=(lost,), smooth=())})
    assert fronts.pair_title(few) == "No training with fixed weights reaches the front"
    assert "became NaN or infinite" in fronts.three_title(none)
    for evidence in (few, none):
        drawn(fronts.pair(evidence))
        drawn(fronts.three(evidence))


def test_the_picture_of_scale_has_a_row_for_each_method_and_head_and_states_the_finding():
    evidence = recorded_evidence("scale", scale.Settings()).evidence
    figure = drawn(scale_panel.picture(evidence))
    assert list(figure["layout"]["yaxis"]["ticktext"]) == [
        "Sum, a", "Sum, b", "UW, a", "UW, b", "GradNorm, a", "GradNorm, b",
    ]  # fmt: skip
    assert pictures.scale(evidence).title == "The sum leaves head b at 1.24 times its loss alone"
    assert len([trace for trace in figure["data"] if trace["mode"] == "lines"]) == 6


def test_scale_on_many_heads_draws_the_large_one_and_the_most_harmed_also_where_all_is_nan():
    heads = (Head.for_task("spike"), *(Head(name=f"h{n}") for n in range(9)))
    settings = scale.Settings(problem="own").on(Experiment(architecture=Architecture(heads=heads)))
    arms = {arm: tuple(1.0 + (arm == "sum") * head for head in range(10)) for arm in settings.arms}
    evidence = scale.Evidence(
        settings=settings,
        arms=tuple(scale.Arm(key=arm, losses=(losses,) * 12) for arm, losses in arms.items()),
        sigmas=((1.0,) * 10,) * 12,
    )
    assert pictures.scale_heads(evidence) == [1, 6, 7, 8, 9]
    assert "Sum at your scales, h0" not in drawn(scale_panel.picture(evidence))["layout"]["yaxis"]["ticktext"]
    lost = tuple(arm.model_copy(update={"losses": ((math.nan,) * 10,) * 12}) for arm in evidence.arms)
    nothing = evidence.model_copy(update={"arms": lost})
    assert not drawn(scale_panel.picture(nothing))["data"]
    assert "has no ratio" in pictures.scale(nothing).title


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (("temperature_1", "temperature_2"), ("temperature_1", "temperature_2")),
        (("temperature_1", "wind"), ("temperature…", "wind")),
    ],
)
def test_names_of_heads_are_shortened_only_if_they_stay_different(names, shown):
    own = Experiment(architecture=Architecture(heads=tuple(Head(name=name) for name in names)))
    chosen = scale.Settings(problem="own").on(own)
    arms = tuple(scale.Arm(key=arm, losses=((1.0, 1.0),) * 12) for arm in chosen.arms)
    found = scale.Evidence(settings=chosen, arms=arms, sigmas=((1.0, 1.0),) * 12)
    labels = [row.label for row in pictures.scale(found).rows]
    assert [label for label in labels if label.startswith("Sum, ")] == [f"Sum, {name}" for name in shown]
    series = (conflict.Series(heads=names, rates=((0.5, 0.5),) * 8, cosines=((0.0, 0.0),) * 8),)
    pair = conflict.Evidence(settings=conflict.Settings(problem="own").on(own), series=series)
    assert [row.label for row in pictures.conflict(pair).rows] == [", ".join(shown)]


def test_the_pictures_of_conflict_have_a_row_for_each_relatedness_in_order():
    evidence = recorded_evidence("conflict", conflict.Settings()).evidence
    for draw in (conflicts.rates, conflicts.cosines):
        figure = drawn(draw(evidence))
        rows = list(figure["layout"]["yaxis"]["ticktext"])
        assert rows == ["ρ = 0", "ρ = 0.25", "ρ = 0.5", "ρ = 0.75", "ρ = 1"]
        medians = [trace["x"][0] for trace in figure["data"] if (trace.get("marker") or {}).get("symbol") == "diamond"]
        assert medians == sorted(medians, reverse=draw is conflicts.rates)
    lines = drawn(conflicts.epochs(evidence))["data"]
    assert [list(line["x"]) for line in lines] == [[0, 2, 4, 6, 8]] * 5


def test_pairs_that_conflict_most_are_drawn_also_without_a_rate():
    heads = tuple(Head(name=f"h{n}") for n in range(5))
    settings = conflict.Settings(problem="own").on(Experiment(architecture=Architecture(heads=heads)))
    series = tuple(
        conflict.Series(heads=(f"h{i}", f"h{j}"), rates=((0.5, rate),) * 8, cosines=((0.0, math.nan),) * 8)
        for (i, j), rate in zip(settings.pairs, [math.nan, *(n / 10 for n in range(9))], strict=True)
    )
    evidence = conflict.Evidence(settings=settings, series=series)
    assert pictures.drawn_series(evidence)[0].label == "h3 and h4"
    assert len(pictures.drawn_series(evidence)) == pictures.MOST_PAIRS
    lost = evidence.model_copy(update={"series": series[:1]})
    for each in (evidence, lost):
        for draw in (conflicts.rates, conflicts.cosines, conflicts.epochs):
            drawn(draw(each))


@pytest.mark.parametrize("evidence", [FAMO, CAGRAD, TRADE_OFFS], ids=["famo", "cagrad", "trade_offs"])
def test_text_is_large_enough(evidence):
    figures = (
        [trajectories.panel(evidence, runs) for runs in evidence.runs]
        if isinstance(evidence, unstuck.Evidence)
        else [fronts.pair(evidence), fronts.three(evidence)]
    )
    for figure in figures:
        sizes = [note["font"]["size"] for note in figure.layout["annotations"]]
        assert min(sizes) >= 11


def test_the_colours_of_methods_stand_out_from_both_pages():
    for key in LOSS_METHOD_COLOURS:
        for ground in ("#ffffff", "#0f141b"):
            assert contrast(method_colour(key), ground) >= 3


def test_numbers_of_the_table_have_a_minus_sign_and_names_a_hyphen():
    shown = outcome.table([{"method": "Nash-MTL", "losses": "-0.38, -19.8"}]).data
    assert shown.loc["Nash-MTL", "losses"] == "−0.38, −19.8"
