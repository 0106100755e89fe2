"""The panels of a run on phones and the board: names and colours of two settings, and the baselines of a recording."""

import pytest

from backend.experiment.url import read_query
from backend.lessons import load
from backend.lessons.library import SHIPPED
from backend.rooms.class_result import asks_of_training
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


@pytest.mark.parametrize(("size", "charts"), [("phone", 4), ("wall", 2)])
def test_a_question_about_the_training_loss_of_a_recording_shows_it_beside_that_of_the_validation(size, charts):
    experiment, _ = read_query({"data": ["weather"], "epochs": ["2"]})
    each = Losses(total=9, heads={"temp_max": 4, "wind": 5}, val_total=3, val_heads={"temp_max": 1, "wind": 2})
    epochs = [Epoch(seed=0, epoch=i, left=each, right=each, seconds=0) for i in (1, 2)]
    shown = run_panel("tasks", experiment, epochs, explained=False, size=size, trained=True)
    assert len(shown) == charts
    validation, training = shown[0].picture, shown[-1].picture
    assert "dot" in {line["dash"] for line in validation["lines"]}
    assert training["title"].startswith("Training loss of")
    assert {line["dash"] for line in training["lines"]} == {"solid", "dash"}, "a baseline is a loss of the validation"
    assert asks_of_training(load(SHIPPED).lesson("real-data").step("gap"))
    assert not asks_of_training(load(SHIPPED).lesson("real-data").step("rain"))
