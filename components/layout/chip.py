"""The chip in the strip of every page: what the visitor has running, how far it is, and where its result is.

It shows one thing: the first that runs, or else the first that has ended and was not looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from backend.activity import Activity, activities, cancel, dismiss
from backend.experiment import Experiment
from backend.experiment.url import Query, write_query
from components.browser.announcement import announce
from components.live.polling import poll_while
from components.session import page_options, state
from components.session.visitor import visitor

#: Seconds between two polls: the page of the result has a status of its own, which is polled more often.
_POLL = 2.0
_ANNOUNCED = "chip.announced"


def show(pages: Mapping[str, Any], here: str) -> None:
    """Draw the chip as a fragment that polls while something is unfinished.

    `pages` are all pages by their path, and `here` is the path of the current one.
    """

    def draw() -> None:
        shown = []
        for activity in activities(visitor()):
            verb = "started" if activity.unfinished else "finished" if activity.finished else "stopped"
            st.session_state[_ANNOUNCED] = f"{activity.id} {verb}", f"{activity.title} {verb}."
            if activity.unfinished is None and _is_shown(activity, here):
                dismiss(activity, visitor())
            else:
                shown.append(activity)
        if announced := st.session_state.get(_ANNOUNCED):  # at the start and at the end, not at every poll
            announce("chip", *announced)
        if shown:
            _chip(next((each for each in shown if each.unfinished), shown[0]), pages)

    poll_while(
        draw, lambda: next((view for each in activities(visitor()) if (view := each.unfinished)), None), at_least=_POLL
    )  # fmt: skip


def chip_text(activity: Activity) -> str:
    """What the chip says."""
    if activity.unfinished is None:
        return f"{activity.title} {'finished' if activity.finished else 'stopped'}: look"
    if waiting := activity.waiting:
        return f"{activity.title} · place {waiting.position or 1:,} in the queue"
    left = activity.seconds_left
    done = f"{activity.title} {100 * activity.share:.0f} %"
    return f"{done} · {_short_duration(left)} left" if left else done


def result_query(activity: Activity, experiment: Experiment) -> Query | None:
    """The query of a link to the result; None if the page shows it with the visitor's own settings."""
    shown_experiment, options = activity.needed_experiment(experiment), activity.payloads[0].options
    if shown_experiment == experiment and not options:
        return None
    query = write_query(shown_experiment) | {key: [text] for key, text in options.items()}
    # An empty query would change nothing.
    return query or {"seed": [str(shown_experiment.training.seed)]}


def _chip(activity: Activity, pages: Mapping[str, Any]) -> None:
    ended, key = activity.unfinished is None, f"{activity.page}.{activity.id[:8]}"

    def stop() -> None:
        (dismiss if ended else cancel)(activity, visitor())

    name = f"frame.chip.{'ended' if ended else 'running'}.{key}"
    with st.container(key=name, horizontal=True, vertical_alignment="center", gap=None, width="content"):
        query = result_query(activity, state.experiment())
        st.page_link(pages[activity.page], label=chip_text(activity), query_params=query)
        what = f"{'Dismiss' if ended else 'Cancel'}: {activity.title}"
        st.button(what, icon=":material/close:", type="tertiary", key=f"chip.stop.{key}", on_click=stop)


def _is_shown(activity: Activity, here: str) -> bool:
    """Whether the current page shows the result."""
    chosen = all(page_options.chosen(key) == text for key, text in activity.payloads[0].options.items())
    return activity.page == here and chosen and activity.needed_experiment(state.experiment()) == state.experiment()


def _short_duration(seconds: float) -> str:
    """A duration that is only estimated, in few characters."""
    return f"{max(seconds, 1):.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
