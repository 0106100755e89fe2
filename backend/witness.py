"""What Keras says of an architecture, asked of a worker once and remembered for every visitor."""

from __future__ import annotations

from backend.architecture import Architecture
from backend.jobs import Job
from backend.remembered import Remembered
from backend.styles import Style

#: Models remembered; one is a few kilobytes of text (a graph of 64 heads about 60).
_models = Remembered("describe", 256, urgent=True)


def ask(architecture: Architecture, style: Style, visitor: str) -> Job:
    """The job that describes `style` of `architecture`; its result is that of `backend.worker.describe`."""
    payload = {"architecture": architecture.model_dump(mode="json"), "style": style.key}
    return _models.ask(style.write(architecture), payload, visitor)
