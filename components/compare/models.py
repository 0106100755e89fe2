"""The two columns: each style's source, layer graph, summary and parameters, with Keras's count as the check."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.sides import side_titles
from backend.experiment.styles import Style
from backend.jobs import Job, JobView
from backend.network.parameters import layers as layers_of
from backend.network.parameters import parameters
from backend.questions.compare.job import InspectJob
from backend.services import services
from components import code_panel, layer_graph, sidebar
from components.live.job_status import building_sentence, finished_or_placeholder
from components.live.polling import first_unfinished, poll_while
from components.session import controls, page_options
from components.session.page_options import one_of
from components.session.visitor import visitor

_INSPECTED = "compare.asked"
_VIEWS = ("code", "graph", "summary", "parameters")
#: The option of the link: what both sides show below the picture; nothing by default.
VIEW = one_of("none", *_VIEWS)
_VIEW_HELP = (
    "What both sides show: the source that Keras runs, Keras's layer graph, `model.summary()`, or each layer with the "
    "calculation of its parameters."
)
_MENU_WIDTH = 170  # pixels
_HEIGHT = 240  # pixels kept free for what Keras reports


def choose_styles() -> None:
    """Draw the menus of both styles in a row."""
    for side in ("left", "right"):
        with st.container(width=_MENU_WIDTH):
            sidebar.style.show(side, label_visibility="collapsed")


def sources(experiment: Experiment) -> None:
    """Draw the source of both styles under their titles, without a job in Keras."""
    _draw(experiment, "code", side_titles(*(style.key for style in experiment.styles())))


def show(experiment: Experiment, view: str | None = None) -> None:
    """Draw both columns. What Keras reports arrives later; everything else is drawn at once.

    With a `view`, the visitor cannot choose one.
    """
    inspections = _inspect(experiment)

    def jobs() -> list[Job]:
        if any(job.state in ("cancelled", "abandoned") for job in inspections):  # by another tab, or while hidden
            inspections[:] = _inspect(experiment)
        return inspections

    poll_while(
        lambda: _columns(experiment, [job.view() for job in jobs()], view), lambda: first_unfinished(jobs()), alone=True
    )


def _inspect(experiment: Experiment) -> list[Job]:
    """The jobs that build both models in Keras. Earlier jobs of this page are released, so that they do not queue."""
    shared, wanted = services().shared, [InspectJob.of(experiment.architecture, style) for style in experiment.styles()]
    for before in st.session_state.get(_INSPECTED, []):
        job = shared.find(before, visitor()) if before not in wanted else None
        if job is not None and job.state == "queued":  # one that runs is nearly done
            shared.release(before, visitor())
    st.session_state[_INSPECTED] = wanted
    return [shared.request(payload, visitor()) for payload in wanted]


def _columns(experiment: Experiment, views: list[JobView], view: str | None) -> None:
    styles = experiment.styles()
    architecture, shown = experiment.architecture, view or page_options.chosen("view")
    with st.container(horizontal=True, vertical_alignment="center"):
        if view is None:
            st.segmented_control(
                "Both sides show", _VIEWS, format_func=str.capitalize, width="content",
                label_visibility="collapsed", help=_VIEW_HELP,
                **controls.button_group_state("compare.view", shown if shown in _VIEWS else None, _choose_view),
            )  # fmt: skip
        st.markdown(_checks(architecture, styles, views), width="content")
    if shown in _VIEWS:
        _draw(experiment, shown, views=views)


def _choose_view(view: str | None) -> None:
    page_options.choose("view", view or VIEW.default)


def _draw(experiment: Experiment, shown: str, titles: Sequence[str] = (), views: Sequence[JobView] = ()) -> None:
    """Draw both sides in columns, below their `titles`. `views` are the jobs of both in Keras."""
    architecture, styles = experiment.architecture, experiment.styles()
    texts = [style.write(architecture) for style in styles]
    marks = code_panel.differing_layers(*texts)
    if shown == "code" and architecture.unroll:
        st.caption(
            "`unroll=True` writes out each timestep of the LSTM: the network is the same, and its steps are faster."
        )
    for i, (style, side, place) in enumerate(zip(styles, ("left", "right"), st.columns(2), strict=True)):
        with place:
            if titles:
                st.markdown(f"**{titles[i]}**")
            if shown == "code":
                code_panel.show(f"{style.title} in Keras", texts[i], marks[i], key=f"code.{side}")
            elif shown == "parameters":
                st.table(frame(architecture, style))
            elif finished_or_placeholder(views[i], _HEIGHT):
                _inspected(shown, style, views[i], side)


def _checks(architecture: Architecture, styles: tuple[Style, Style], views: list[JobView]) -> str:
    """Keras's count of the parameters on both sides, as a check of ours, in Markdown."""
    titles = side_titles(styles[0].key, styles[1].key)
    return " · ".join(
        f"{title} {_check(parameters(architecture, style), view)}"
        for title, style, view in zip(titles, styles, views, strict=True)
    )


def _check(ours: int, view: JobView) -> str:
    if view.state == "finished":
        keras = view.result.parameters
        if keras == ours:
            return f":green[✓ Keras counts {keras:,} parameters]"
        return f":red[✗ Keras counts {keras:,} parameters instead of {ours:,}]"
    return f":orange[{view.message}]" if view.ended else f":gray[{building_sentence(view)}]"


def _inspected(shown: str, style: Style, view: JobView, side: str) -> None:
    """Draw the layer graph or the summary that Keras reports."""
    if shown == "graph":
        alt = f"Keras's layer graph of the {style.title} model"
        layer_graph.show(view.result.graph, key=f"compare.graph.{side}", alt=alt)
    else:
        title = f"Keras's summary of the {style.title} model"
        code_panel.show_output(title, view.result.summary, whole=True, key=f"summary.{side}")


def frame(architecture: Architecture, style: Style) -> pd.DataFrame:
    """Each layer with its output and the calculation of its parameters, then the total."""
    table = {
        "input" if row.kind == "Input" else f"{row.name} ({row.kind})": [
            f"(batch, {', '.join(map(str, row.output_shape))})", row.formula or "none",
        ]
        for row in layers_of(architecture, style)
    }  # fmt: skip
    table["total"] = ["", f"{parameters(architecture, style):,}"]
    return pd.DataFrame.from_dict(table, orient="index", columns=["Output", "Parameters"]).rename_axis("Layer")
