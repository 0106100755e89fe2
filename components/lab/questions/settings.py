"""Which question is open, and the settings of each. The link keeps all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st

from backend.lab.problems import PROBLEMS
from backend.lab.questions import QUESTIONS, Question, trade_offs, unstuck, url
from backend.lab.questions.base import Measured
from backend.weightings import AGGREGATORS, SCALARIZERS
from backend.words import about, listed
from components.session import page_options, state
from components.sidebar import help as helps

#: For `url_sync.synchronise`.
CHOICES = {key: page_options.PageOption(text, partial(url.refuse, key)) for key, text in url.DEFAULTS.items()}
#: Offered values of STCH's μ; a link may have others.
_SMOOTHINGS = (0.01, 0.03, 0.1, 0.3, 1.0)
#: Short enough for a menu on a phone.
_PROBLEMS: dict[unstuck.ProblemKey, str] = {"famo_toy": "FAMO’s valleys", "cagrad_toy": "CAGrad’s valleys"}
_OPTIMIZERS = {"adam": "Adam", "sgd": "plain SGD"}


def question() -> Question[Any, Any]:
    """The open question."""
    return QUESTIONS[page_options.chosen(url.OPEN)]


def settings(of: Question[Any, Any]) -> Measured:
    """The visitor's settings of a question; always valid."""
    return url.read(of, {key: page_options.chosen(key) for key in url.write(of, of.settings())})


def show_menu() -> None:
    """Draw the choice of a question."""
    key = "lab.question"
    state.set_widget(key, page_options.chosen(url.OPEN))
    st.radio(
        "Question", list(QUESTIONS), key=key, format_func=lambda each: QUESTIONS[each].title, horizontal=True,
        label_visibility="collapsed", on_change=lambda: _choose(url.OPEN, st.session_state[key]),
        help=helps.text(key),
    )  # fmt: skip


def show(of: Question[Any, Any]) -> None:
    """Draw the settings of the question, folded, below a line that says what they are."""
    chosen = settings(of)
    with st.expander(f"Settings: {said(chosen)}", key=f"lab.{of.key}.settings", type="compact"):
        if isinstance(chosen, unstuck.Settings):
            _show_unstuck(of, chosen)
        elif isinstance(chosen, trade_offs.Settings):
            _show_trade_offs(of, chosen)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "Published settings", icon=":material/restart_alt:", key=f"lab.{of.key}.published",
                on_click=_load, args=(of, of.settings()), disabled=chosen in of.published,
                help=helps.text("lab.published"),
            )  # fmt: skip
            st.caption(f":material/timer: {about(of.seconds(chosen))} expected on an idle core", width="content")


def said(chosen: Measured) -> str:
    """The settings in a line."""
    if isinstance(chosen, unstuck.Settings):
        methods = len(chosen.methods)
        return (
            f"{PROBLEMS[chosen.problem].title}, the mean and {methods} {'method' if methods == 1 else 'methods'}, "
            f"{_OPTIMIZERS[chosen.optimizer]} at {url.text(chosen.rate)}, {chosen.steps:,} steps"
        )
    assert isinstance(chosen, trade_offs.Settings)
    return (
        f"{chosen.levels} weights of each loss, {chosen.starts} {'start' if chosen.starts == 1 else 'starts'}, STCH "
        f"with μ = {listed(map(url.text, chosen.smoothings))}, Adam at {url.text(chosen.rate)}, {chosen.steps:,} steps"
    )


def _load(of: Question[Any, Any], chosen: Measured) -> None:
    for key, text in url.write(of, chosen).items():
        page_options.choose(key, text)


def _show_unstuck(of: Question[Any, Any], chosen: unstuck.Settings) -> None:
    def other_problem(value: unstuck.ProblemKey) -> None:
        """Published settings are those of a problem: they change with it."""
        published = next(each for each in of.published if each.problem == value)
        if chosen in of.published:
            _load(of, published)
        else:
            _choose(url.key(of, "problem"), value)

    with st.grid(4, min_column_width=150):
        _selectbox(of, "problem", "Problem", chosen.problem, _PROBLEMS, other_problem)
        _selectbox(of, "optimizer", "Optimizer", chosen.optimizer, _OPTIMIZERS)
        _number(of, "rate", "Learning rate", chosen.rate, 0.001)
        _number(of, "steps", "Steps", chosen.steps, 1000)
    methods = [*unstuck.BALANCERS, *unstuck.REMOVERS]
    titles = {key: (AGGREGATORS.get(key) or SCALARIZERS[key]).title for key in methods}
    _pills(of, "methods", "Methods beside the mean", list(methods), chosen.methods, titles.__getitem__)


def _show_trade_offs(of: Question[Any, Any], chosen: trade_offs.Settings) -> None:
    with st.grid(4, min_column_width=150):
        _number(of, "levels", "Weights of each loss", chosen.levels, 1)
        _number(of, "starts", "Starts", chosen.starts, 1)
        _number(of, "rate", "Learning rate", chosen.rate, 0.001)
        _number(of, "steps", "Steps", chosen.steps, 100)
    offered = sorted({*_SMOOTHINGS, *chosen.smoothings})
    _pills(of, "smoothings", "STCH’s μ", offered, chosen.smoothings, url.text)


def _choose(key: str, text: str) -> None:
    """Set one option, from a callback. A text that is not allowed has no effect."""
    page_options.choose(key, text if url.refuse(key, text) is None else page_options.chosen(key))


def _selectbox(
    of: Question[Any, Any], field: str, label: str, value: str, titles: Mapping[Any, str],
    choose: Callable[[Any], None] | None = None,
) -> None:  # fmt: skip
    key = url.key(of, field)
    widget = f"lab.{key}"
    state.set_widget(widget, value)

    def write() -> None:
        picked = st.session_state[widget]
        if choose is not None:
            choose(picked)
        else:
            _choose(key, picked)

    st.selectbox(
        label, list(titles), key=widget, format_func=titles.__getitem__, on_change=write, help=helps.text(widget)
    )


def _number(of: Question[Any, Any], field: str, label: str, value: float, step: float) -> None:
    key = url.key(of, field)
    widget = f"lab.{key}"
    state.set_widget(widget, value)
    low, high = url.bounds(of, field)
    st.number_input(
        label, low, high, key=widget, step=step, format="%d" if isinstance(value, int) else "%.5g",
        on_change=lambda: _choose(key, url.text(st.session_state[widget])), help=helps.text(widget),
    )  # fmt: skip


def _pills(
    of: Question[Any, Any], field: str, label: str, options: list[Any], value: tuple[Any, ...],
    title: Callable[[Any], str],
) -> None:  # fmt: skip
    """A choice of several. An empty or too long choice has no effect."""
    key = url.key(of, field)
    widget = f"lab.{key}"
    st.session_state[widget] = list(value)

    def write() -> None:
        picked = st.session_state[widget]
        # A kept value keeps its place.
        ordered = [*(each for each in value if each in picked), *(each for each in picked if each not in value)]
        _choose(key, url.text(ordered))

    st.pills(
        label, options, key=widget, selection_mode="multi", format_func=title, on_change=write, wrap=True,
        help=helps.text(widget),
    )  # fmt: skip
