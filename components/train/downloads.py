"""The Export menu: script, notebook, sources, curves, trained models."""

from __future__ import annotations

from collections.abc import Callable
from threading import Semaphore

import streamlit as st

from backend.experiment import Experiment
from backend.experiment.styles import STYLES, Style
from backend.services import services
from backend.training.export import curves_csv, notebook, script
from backend.training.job import SaveModelJob
from backend.training.result import SIDES, Run, Side
from components.charts.figure import FORMAT_KEY, FORMATS
from components.server.downloads import Unavailable
from components.session import state
from components.session.visitor import visitor

SAVE_SECONDS = 20
#: A save that waits for a worker blocks one of the few threads on which Streamlit creates all downloads.
_saving = Semaphore(2)


def show(experiment: Experiment, run: Run | None = None) -> None:
    """A popover with all downloads of this experiment and, after it has run, of its run.

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
            st.caption("A worker saves the trained models. This takes a few seconds when all workers are busy.")
        st.caption("The camera button of each figure saves it in this format.")
        st.segmented_control(
            "Figure format", FORMATS, default=FORMATS[0], key=FORMAT_KEY, required=True, on_change=state.touch
        )


def _source(style: Style, experiment: Experiment, file: str) -> None:
    _button(f"{style.title} source", lambda: style.write(experiment.architecture), file, "text/x-python")


def _button(label: str, make: Callable[[], str | bytes], file: str, mime: str) -> None:
    """A download that is created when it is clicked, not at every rerun."""
    st.download_button(
        label, make, file_name=file, mime=mime, key=f"download.{label}", on_click="ignore", width="stretch"
    )


def model_saver(run: Run, side: Side, owner: str, seconds: float = SAVE_SECONDS) -> Callable[[], bytes]:
    """A function that makes a worker save the trained model of one side for the visitor `owner`, and returns the file.

    It raises `Unavailable` when no worker has saved the model within `seconds`.
    """
    jobs = services().jobs

    def save() -> bytes:
        if not _saving.acquire(blocking=False):
            raise Unavailable("The server is saving other models. Try again in a minute.")
        payload = SaveModelJob(
            architecture=run.experiment.architecture.unlabelled(),
            style=run.styles[SIDES.index(side)],
            weights=run.weights[side],
        )
        try:
            job = jobs.submit(owner, "save_model", payload, urgent=True)
            view = jobs.wait(job, seconds)
            if view.state != "finished":
                jobs.cancel(owner, job.id)
                raise Unavailable(view.message or "No worker was free to save the model. Try again in a minute.")
            model: bytes = view.result
            jobs.evict(job)
            return model
        finally:
            _saving.release()
            payload.weights.clear()  # the registry keeps the job, and the weights may be megabytes

    return save
