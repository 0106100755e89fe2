"""The menu Export: a card to share, script, notebook, sources, curves, trained models."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
from components.layout import share_card
from components.session.visitor import visitor
from components.theme import side_colours
from components.train import card
from components.train.run import ShownRun

#: Longer than a worker that was killed takes to load Keras again: 26 s was seen.
SAVE_SECONDS = 60
_PYTHON, _NOTEBOOK = "text/x-python", "application/x-ipynb+json"
#: Colab opens files from a visitor's own machine; it cannot reach every server.
_COLAB = (
    "To run the notebook in Google Colab, download it, open "
    "[Colab](https://colab.research.google.com/#create=true) and choose *File → Upload notebook*."
)
_SAVING = (
    "A worker saves the models. This takes a few seconds when all workers are busy, and up to a minute while they "
    "start. If the download fails, try again in a minute."
)
_WIDTH = 600  # pixels
#: What makes a file.
Make = Callable[[], str | bytes]
#: A save that waits for a worker blocks one of the few threads on which Streamlit creates all downloads.
_saving = Semaphore(2)


class NotSaved(Exception):
    """A model could not be saved in time; the text says why. Streamlit logs it."""


def show(experiment: Experiment, run: Run | None = None, name: str = "", *, shown: ShownRun | None = None) -> None:
    """Draw a popover with all downloads of this experiment and of its `run`, if there is one, by its `name` if saved.

    If the page shows the result of its settings (`shown`), there is a card of it to share. The popover is filled when
    it is opened.
    """
    popover = st.popover(
        "Export", icon=":material/download:", key="export", on_change="rerun",
        help="A picture to share, the experiment as a script or a notebook, the source of the models, and after a run "
        "its curves and both trained models.",
    )  # fmt: skip
    if not popover.open:
        return
    with popover, st.container(width=_WIDTH):
        if shown is not None and shown.ended and shown.run.epochs:
            share_card.draw(card.of_run(shown), key="train.run", epoch="")  # the card shows the whole run
        for label, make, file_name, mime in _files(experiment, run, name):
            st.download_button(
                label,
                make,
                file_name=file_name,
                mime=mime,
                key=f"download.{file_name}",
                on_click="ignore",
                width="stretch",
            )
        if file := experiment.architecture.source.file:
            st.caption(f"Script and notebook read {file.name} from their folder.")
        st.caption(_COLAB)
        if run is not None:
            seed = f"The trained models are those of seed {run.seeds[0]}. " if len(run.seeds) > 1 else ""
            st.caption(f"{seed}{compiled_words(run.experiment)} {_SAVING}")


def _files(experiment: Experiment, run: Run | None, name: str) -> Iterator[tuple[str, Make, str, str]]:
    """The label of each download, what makes it when it is clicked, the name of the file, and its type."""
    sides, url = side_keys(experiment), st.context.url
    stem = names.comparison(sides)
    yield "Script (Python)", lambda: script(experiment, url), f"{stem}.py", _PYTHON
    yield "Notebook (Jupyter)", lambda: notebook(experiment, url, side_colours(sides)), f"{stem}.ipynb", _NOTEBOOK
    if file := experiment.architecture.source.file:
        yield f"Data ({file.name})", file.read_bytes, file.name, "text/csv"
    for title, source in sources(experiment).items():
        yield f"{title} source", partial(str, source), names.source(title), _PYTHON
    if run is not None:
        yield "Curves (CSV)", lambda: curves_csv(run), f"{names.of_run(name) or stem}-curves.csv", "text/csv"
        for side, title in zip(SIDES, side_titles(*run.styles), strict=True):
            save = model_saver(run, side, visitor())
            yield f"Trained {title}, .keras", save, names.model(run.styles, side), "application/octet-stream"


def model_saver(run: Run, side: Side, owner: str, seconds: float = SAVE_SECONDS) -> Callable[[], bytes]:
    """A function that makes a worker save the trained model of one side for the visitor `owner`, and returns the file.

    The function raises `NotSaved` if no worker has saved the model within `seconds`, or if two others are being saved.
    """
    jobs = services().jobs

    def save() -> bytes:
        if not _saving.acquire(blocking=False):
            raise NotSaved("The server is saving other models. Try again in a minute.")
        own = run.experiment.unlabelled().sides()[SIDES.index(side)]
        payload = SaveModelJob(experiment=own.experiment, style=own.style.key, weights=run.weights[side])
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
