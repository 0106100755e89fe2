"""Train, by AppTest through the shell."""

import pytest

from tests.pages.helpers import button, until

pytestmark = pytest.mark.jobs

TITLE = "Which one trains better?"
SMALL = {"samples": "64", "epochs": "3", "lstm": "4"}


def finished(at):
    return any("trained in" in caption.value for caption in at.caption)


def test_settings_travel_from_the_link_to_the_page_and_through_navigation(page):
    at = page("train.py", TITLE, optimizer="sgd", learning_rate="0.05", **SMALL)
    assert at.selectbox(key="training.optimizer").value == "sgd"
    assert at.number_input(key="training.learning_rate").value == 0.05
    assert at.query_params["optimizer"] == "sgd"
    at.switch_page("compare.py").run()
    assert at.query_params["learning_rate"] == "0.05"


def test_a_run_ends_in_curves_predictions_and_weights(page):
    at = page("train.py", TITLE, **SMALL)
    assert any("Expected" in caption.value for caption in at.caption)
    button(at, "Train").click().run()
    until(at, finished)
    titles = [text.value for text in at.markdown]
    assert any(
        title.startswith("**The total loss of Functional ends at 2 times that of Sequential") for title in titles
    )
    assert sum("R²" in title for title in titles) == 2
    assert at.select_slider(key="snapshot").value == 3
    at.select_slider(key="snapshot").set_value(0).run()
    assert not at.exception


def test_mean_combined_losses_make_both_totals_equal(page):
    at = page("train.py", TITLE, combine="mean", **SMALL)
    button(at, "Train").click().run()
    until(at, finished)
    assert any("end with the same total" in text.value for text in at.markdown)


def test_divergence_is_reported_in_a_sentence(page):
    at = page("train.py", TITLE, optimizer="sgd", learning_rate="100", **SMALL)
    button(at, "Train").click().run()
    until(at, finished)
    (warning,) = at.warning
    assert "diverges at a learning rate of 100" in warning.value


def test_every_kind_of_head_trains(page):
    heads = ["trend", "spike...8", "waveform..4.16"]
    at = page(
        "train.py", TITLE, timesteps="16", head=heads, left="functional", right="subclassing", samples="64", epochs="2"
    )
    button(at, "Train").click().run()
    until(at, finished)
    titles = [text.value for text in at.markdown]
    assert sum(" · accuracy: " in title for title in titles) == 2
    assert any("end with the same total" in title for title in titles)


def test_a_stored_run_is_replayed_and_can_be_trained_again(page):
    settings = {**SMALL, "seed": "77"}
    first = page("train.py", TITLE, **settings)
    button(first, "Train").click().run()
    until(first, finished)
    assert not any("is replayed" in caption.value for caption in first.caption)

    second = page("train.py", TITLE, **settings)
    button(second, "Train").click().run()
    assert not finished(second), "its epochs are replayed"
    until(second, finished)
    assert any("Trained just now" in caption.value for caption in second.caption)
    button(second, "Train again").click().run()
    until(second, finished)
    assert not any("is replayed" in caption.value for caption in second.caption)
