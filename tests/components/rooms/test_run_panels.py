"""The panels of a run on phones and the board: names and colours of two settings, and the baselines of a recording."""

from backend.experiment.url import read_query
from backend.training.result import Epoch, Losses
from components.rooms.run_panels import run_panel
from components.theme import run_colour


def test_the_curves_of_two_settings_have_their_names_and_two_colours():
    experiment, _ = read_query({"right_combine": ["gradnorm"], "epochs": ["2"]})
    heads = [dict.fromkeys(("level", "trend"), total) for total in (4.0, 3.0, 2.0)]
    values = [Losses(total=9, heads=each, val_total=each["level"], val_heads=each) for each in heads]
    epochs = [Epoch(seed=0, epoch=i, left=values[i], right=values[i - 1], seconds=0) for i in (1, 2)]
    (shown,) = run_panel("totals", experiment, epochs, explained=False, size="phone")
    lines = shown.picture["lines"]
    assert [(line["name"], line["colour"], line["dash"]) for line in lines] == [
        ("Sum", run_colour(0), "solid"),
        ("GradNorm", run_colour(1), "dash"),
    ]
    assert not shown.words
    assert (shown.picture["title"], [line["values"] for line in lines]) == (
        "Total validation loss",
        [[3.0, 2.0], [4.0, 3.0]],
    )
    (ratio,) = run_panel("ratio", experiment, epochs, explained=False, size="phone")
    assert ratio.words[0].startswith("Ratio of the total validation losses: **1.50**.")
    (answer,) = run_panel("answer", experiment, epochs, explained=True, size="phone")
    assert "only the setting differed" in answer.words[0]
