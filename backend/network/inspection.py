"""What Keras says of an architecture, asked of a worker once and remembered for every visitor."""

from __future__ import annotations

from backend.experiment.architecture import Architecture
from backend.experiment.styles import Style
from backend.jobs import Job
from backend.jobs.cache import JobCache

#: Models remembered; one is a few kilobytes of text (a graph of 64 heads about 60). A page asks at each draw.
_models = JobCache("describe", 256, urgent=True, parallel=True, retry_after=30)


def ask(architecture: Architecture, style: Style, visitor: str) -> Job:
    """The job that describes `style` of `architecture`; its result is that of `backend.worker.describe`."""
    payload = {"architecture": architecture.unlabelled().model_dump(mode="json"), "style": style.key}
    return _models.ask(style.write(architecture), payload, visitor)


def release(architecture: Architecture, style: Style, visitor: str) -> None:
    """The visitor looks at another model by now: if this one still waits, and nobody else wants it, it is not built.

    One that is being built is nearly done, and remembered.
    """
    key = style.write(architecture)
    job = _models.known(key, visitor)
    if job is not None and job.state == "queued":
        _models.leave(key, visitor)
