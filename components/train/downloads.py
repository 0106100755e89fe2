"""The Export menu: script, notebook, sources, curves, trained models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Semaphore

import streamlit as st

from backend.experiment import Experiment
from backend.experiment.sides import side_keys, side_titles, sources
from backend.services import services
from backend.training.export import curves_csv, names, notebook, script
from backend.training.export.source import compiled_words
from backend.training.job import SaveModelJob
from backend.training.result import SIDES, Run, Side
from components.session.visitor import visitor
from components.theme import side_colours
from components.train.report import report

#: Longer than a worker that was killed takes to load Keras again: 26 s was seen.
SAVE_SECONDS = 60
_BINARY, _NOTEBOOK = "application/octet-stream", "application/x-ipynb+json"
#: Colab opens files from a visitor's own machine; it cannot reach every server.
_COLAB = (
    "To run the notebook in Google Colab, download it, open "
    "[Colab](https://colab.research.google.com/#create=true) and choose *File → Upload notebook*."
)
#: A save that waits for a worker blocks one of the few threads on which Streamlit creates all downloads.
_saving = Semaphore(2)


class NotSaved(Exception):
    """A model could not be saved in time; the text says why. Streamlit logs it."""


@dataclass(frozen=True)
class Saved:
    """A saved run: its name, and its link, relative to the address of the app."""

    name: str
    link: str


def show(experiment: Experiment, run: Run | None = None, saved: Saved | None = None) -> None:
    """Draw a popover with all downloads of this experiment and of its `run`, if there is one.

    `saved` names the run if it is a saved one. The popover is filled when it is opened.
    """
    popover = st.popover(
        "Export", icon=":material/download:", key="export", on_change="rerun",
        help="The experiment as a script or a notebook, the source of the models, and after a run its curves, a report "
        "and both trained models.",
    )  # fmt: skip
    if not popover.open:
        return
    sides = side_keys(experiment)
    name, url = names.comparison(sides), st.context.url
    with popover:
        _button("Script (Python)", lambda: script(experiment, url), f"{name}.py", "text/x-python")
        _button(
            "Notebook (Jupyter)", lambda: notebook(experiment, url, side_colours(sides)), f"{name}.ipynb", _NOTEBOOK
        )
        if file := experiment.architecture.source.file:
            _button(f"Data ({file.name})", file.read_bytes, file.name, "text/csv")
            st.caption(f"Script and notebook read {file.name} from their folder.")
        st.caption(_COLAB)
        for title, source in sources(experiment).items():
            _button(f"{title} source", partial(str, source), names.source(title), "text/x-python")
        if run is not None:
            _run_downloads(run, name, url, saved)


def _run_downloads(run: Run, name: str, url: str | None, saved: Saved | None) -> None:
    """Draw the downloads of a run's results."""
    run_name, link = (saved.name, saved.link) if saved else ("", "")
    file_stem = names.of_run(run_name) or name
    _button("Curves (CSV)", lambda: curves_csv(run), f"{file_stem}-curves.csv", "text/csv")
    _button(
        "Report (HTML, with live charts)", lambda: report(run, url, run_name, link), f"{file_stem}.html", "text/html"
    )
    for side, title in zip(SIDES, side_titles(*run.styles), strict=True):
        file = names.model(run.styles, side)
        _button(f"Trained {title}, .keras", model_saver(run, side, visitor()), file, _BINARY)
    seed = f"The trained models are those of seed {run.seeds[0]}. " if len(run.seeds) > 1 else ""
    st.caption(
        f"{seed}{compiled_words(run.experiment)} A worker saves the models. This takes a few seconds when all workers "
        "are busy, and up to a minute while they start. If none is free by then, or if the server is saving other "
        "models, the download fails: try again in a minute."
    )


def _button(label: str, make: Callable[[], str | bytes], file: str, mime: str) -> None:
    """A download that is created when it is clicked, not at every rerun."""
    st.download_button(
        label, make, file_name=file, mime=mime, key=f"download.{file}", on_click="ignore", width="stretch"
    )


def model_saver(run: Run, side: Side, owner: str, seconds: float = SAVE_SECONDS) -> Callable[[], bytes]:
    """A function that makes a worker save the trained model of one side for the visitor `owner`, and returns the file.

    The function raises `NotSaved` if no worker has saved the model within `seconds`, or if two others are being saved.
    """
    jobs = services().jobs

    def save() -> bytes:
        if not _saving.acquire(blocking=False):
            raise NotSaved("The server is saving other models. Try again in a minute.")
        own = run.experiment.unlabelled().sides()[SIDES.index(side)]
        payload = SaveModelJob(
            experiment=own.experiment,
            style=own.style.key,
            weights=run.weights[side],
        )
        try:
            job = jobs.submit(owner, "save_model", payload, urgent=True)
            view = jobs.wait(job, seconds)
            if view.state != "finished":
                jobs.cancel(owner, job.id)
                raise NotSaved(view.message or "No worker was free to save the model. Try again in a minute.")
            model: bytes = view.result
            jobs.registry.evict(job)
            return model
        finally:
            _saving.release()
            payload.weights.clear()  # the registry keeps the job, and the weights may be megabytes

    return save
