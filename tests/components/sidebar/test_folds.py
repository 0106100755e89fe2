"""Folds of the sidebar: closed at first, opened by a link with other settings in them, and kept as they were left."""

import pytest
from streamlit.testing.v1 import AppTest

from components.sidebar import architecture, training

FOLDS = ("Input and shared layers", "Heads", "Training", "Sequences")


def page():
    from components import sidebar
    from components.session import page_options

    page_options.synchronise("page")
    first = sidebar.first.show(
        [sidebar.architecture.TIMESTEPS, sidebar.architecture.LSTM_UNITS], [sidebar.training.COMBINE]
    )
    sidebar.architecture.show_folded(first)
    sidebar.training.show_folded(first)
    sidebar.sequences.show_folded()


def opened(**query):
    app = AppTest.from_function(page)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def is_open(app):
    return [title for title in FOLDS if app.session_state[f"section.{title}"]]


def test_at_first_three_settings_stand_open_and_each_setting_is_there_once():
    app = opened()
    assert is_open(app) == []
    keys = [each.key for each in (*app.number_input, *app.selectbox)]
    assert len(keys) == len(set(keys))
    assert {architecture.TIMESTEPS, architecture.LSTM_UNITS, training.COMBINE} <= set(keys)


@pytest.mark.parametrize(
    ("query", "folds"),
    [
        ({"lstm": "5", "combine": "mean"}, ["Input and shared layers", "Training"]),
        ({"features": "3"}, ["Input and shared layers"]),
        ({"lstm": "5,6"}, ["Input and shared layers"]),
        ({"head": ["level", "last"]}, ["Heads"]),
        ({"epochs": "3", "noise": "0.5"}, ["Training", "Sequences"]),
    ],
)
def test_a_link_opens_the_folds_whose_settings_differ(query, folds):
    assert is_open(opened(**query)) == folds
