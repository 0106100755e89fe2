"""What can be taken home: sources, script, notebook, curves, trained models."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from backend.experiment import Experiment
from backend.exports import curves_csv, notebook, script
from backend.run import SIDES, Run, Side
from backend.service import jobs
from backend.styles import STYLES, Style
from components import state
from components.chart import FORMAT_KEY, FORMATS
from components.visitor import visitor

_SAVE_SECONDS = 60


def show(experiment: Experiment, run: Run | None = None) -> None:
    """A popover with everything there is to download for this experiment and, once it has run, of its run."""
    name = f"two-heads-{experiment.key()}"
    with st.popover("Export", icon=":material/download:"):
        _button("Script (Python)", lambda: script(experiment), f"{name}.py", "text/x-python")
        _button("Notebook (Jupyter)", lambda: notebook(experiment), f"{name}.ipynb", "application/x-ipynb+json")
        for style in dict.fromkeys(experiment.styles()):
            _source(style, experiment, f"{name}-{style.key}.py")
        if run is not None:
            _button("Curves (CSV)", lambda: curves_csv(run), f"{name}.csv", "text/csv")
            for side, key in zip(SIDES, run.styles, strict=True):
                twin = f", {side}" if run.styles[0] == run.styles[1] else ""
                title = f"Trained {STYLES[key].title}{twin} (.keras)"
                _button(title, _saver(run, side), f"{name}-{side}.keras", "application/octet-stream")
        st.caption("Each figure's camera button saves it as SVG or PNG, whichever is chosen here.")
        st.segmented_control(
            "Figures as", FORMATS, default=FORMATS[0], key=FORMAT_KEY, required=True, on_change=state.touch
        )


def _source(style: Style, experiment: Experiment, file: str) -> None:
    _button(f"{style.title} source", lambda: style.write(experiment.architecture), file, "text/x-python")


def _button(label: str, make: Callable[[], str | bytes], file: str, mime: str) -> None:
    """Made when it is clicked, not at every rerun."""
    st.download_button(
        label, make, file_name=file, mime=mime, key=f"download.{label}", on_click="ignore", width="stretch"
    )


def _saver(run: Run, side: Side) -> Callable[[], bytes]:
    """Has a worker save the trained model of one side."""
    owner = visitor()

    def save() -> bytes:
        payload = {
            "architecture": run.experiment.architecture.model_dump(mode="json"),
            "style": run.styles[SIDES.index(side)],
            "weights": run.weights[side],
        }
        view = jobs.wait(jobs.submit(owner, "save_model", payload, urgent=True), _SAVE_SECONDS)
        if view.state != "finished":
            raise RuntimeError(view.message or "no worker was free in time; try again")
        model: bytes = view.result
        return model

    return save
