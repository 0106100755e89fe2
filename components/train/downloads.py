"""What can be taken home: sources, script, notebook, curves, trained models."""

from __future__ import annotations

from collections.abc import Callable
from threading import Semaphore

import streamlit as st

from backend.experiment import Experiment
from backend.experiment.styles import STYLES, Style
from backend.services import services
from backend.training.export import curves_csv, notebook, script
from backend.training.result import SIDES, Run, Side
from components.charts.figure import FORMAT_KEY, FORMATS
from components.server.downloads import Unavailable
from components.session import state
from components.session.visitor import visitor

SAVE_SECONDS = 20
#: Who waits for a worker holds one of the few threads on which Streamlit makes downloads, everybody's.
_saving = Semaphore(2)


def show(experiment: Experiment, run: Run | None = None) -> None:
    """A popover with everything there is to download for this experiment and, once it has run, of its run.

    It is filled when it is opened.
    """
    popover = st.popover("Export", icon=":material/download:", key="export", on_change=state.touch)
    if not popover.open:
        return
    name = f"two-heads-{experiment.key()}"
    with popover:
        _button("Script (Python)", lambda: script(experiment), f"{name}.py", "text/x-python")
        _button("Notebook (Jupyter)", lambda: notebook(experiment), f"{name}.ipynb", "application/x-ipynb+json")
        for style in dict.fromkeys(experiment.styles()):
            _source(style, experiment, f"{name}-{style.key}.py")
        if run is not None:
            _button("Curves (CSV)", lambda: curves_csv(run), f"{name}.csv", "text/csv")
            for side, key in zip(SIDES, run.styles, strict=True):
                twin = f", {side}" if run.styles[0] == run.styles[1] else ""
                title = f"Trained {STYLES[key].title}{twin} (.keras)"
                _button(title, model_saver(run, side, visitor()), f"{name}-{side}.keras", "application/octet-stream")
            st.caption("A worker saves the trained models, which takes a few seconds where all are busy.")
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


def model_saver(run: Run, side: Side, owner: str, seconds: float = SAVE_SECONDS) -> Callable[[], bytes]:
    """A function that has a worker save the trained model of one side for the visitor `owner`, and returns the file.

    It raises `Unavailable` when no worker is free within `seconds`.
    """
    jobs = services().jobs

    def save() -> bytes:
        if not _saving.acquire(blocking=False):
            raise Unavailable("Others are having their models saved. Try again in a minute.")
        payload = {
            "architecture": run.experiment.architecture.unlabelled().model_dump(mode="json"),
            "style": run.styles[SIDES.index(side)],
            "weights": run.weights[side],
        }
        try:
            job = jobs.submit(owner, "save_model", payload, urgent=True)
            view = jobs.wait(job, seconds)
            if view.state != "finished":
                jobs.cancel(owner, job.id)
                raise Unavailable(view.message or "No worker was free to save it. Try again in a minute.")
            model: bytes = view.result
            jobs.forget(job)
            return model
        finally:
            _saving.release()
            del payload["weights"]  # the job is kept, and they may be megabytes

    return save
