"""The pictures of the questions: valid figures also of runs that diverged."""

import math

import plotly.graph_objects as go
import pytest

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.questions.lab import QUESTIONS, scale, trade_offs
from backend.questions.lab.recorded import recorded_evidence
from components.lab.questions import fronts, trajectories
from components.theme import LOSS_METHOD_COLOURS, method_colour
from tests.builders.colours import contrast


def drawn(figure):
    """The figure as plain data; Plotly validates it."""
    return go.Figure(figure.to_dict()).to_dict()


def ends(figure, symbol):
    (trace,) = [trace for trace in figure["data"] if (trace.get("marker") or {}).get("symbol") == symbol]
    return trace


@pytest.mark.parametrize("settings", QUESTIONS["unstuck"].published, ids=lambda settings: settings.problem)
def test_any_runs_have_valid_panels_within_the_window(settings):
    evidence = recorded_evidence("unstuck", settings).evidence
    lost = evidence.runs[0].model_copy(
        update={"paths": (((0.0, 1e9), (math.nan, math.nan)), *evidence.runs[0].paths[1:])}
    )
    for runs in (*evidence.runs, lost):
        figure = drawn(trajectories.panel(evidence, runs))
        for symbol in ("circle", "x"):
            trace = ends(figure, symbol)
            assert all(-10 <= value <= 10 for value in (*trace["x"], *trace["y"]))


def test_trade_offs_that_became_nan_or_never_arrived_are_drawn():
    lost = trade_offs.End(losses=(math.nan,) * 2, distance=math.nan, weights=(1.0, 0.0))
    few = recorded_evidence("trade_offs", trade_offs.TradeOffSettings()).evidence
    none = few.model_copy(update={"fixed": (lost,), "smooth": ()})
    for evidence in (few, none):
        drawn(fronts.pair(evidence))


def test_scale_on_many_heads_draws_the_large_one_and_the_most_harmed_also_where_all_is_nan():
    heads = (Head.for_task("spike"), *(Head(name=f"h{n}") for n in range(9)))
    settings = scale.ScaleSettings(problem="own").on(Experiment(architecture=Architecture(heads=heads)))
    arms = {arm: tuple(1.0 + (arm == "sum") * head for head in range(10)) for arm in settings.arms}
    evidence = scale.ScaleEvidence(
        settings=settings,
        arms=tuple(scale.Arm(key=arm, losses=(losses,) * 12) for arm, losses in arms.items()),
        sigmas=((1.0,) * 10,) * 12,
    )
    assert scale.drawn_heads(evidence) == [1, 6, 7, 8, 9]
    assert "Sum at your scales, h0" not in [row.label for row in scale.picture(evidence).rows]
    lost = tuple(arm.model_copy(update={"losses": ((math.nan,) * 10,) * 12}) for arm in evidence.arms)
    nothing = evidence.model_copy(update={"arms": lost})
    assert not any(math.isfinite(value) for row in scale.picture(nothing).rows for value in row.values)


def test_the_colours_of_methods_stand_out_from_both_pages():
    for key in LOSS_METHOD_COLOURS:
        for ground in ("#ffffff", "#0f141b"):
            assert contrast(method_colour(key), ground) >= 3
