"""What Keras says of an architecture, asked of a worker once and remembered for every visitor."""

from __future__ import annotations

import time
from collections import OrderedDict
from threading import Lock

from backend.architecture import Architecture
from backend.jobs import Job
from backend.service import jobs
from backend.styles import Style

#: Seconds before a description that failed is tried again.
RETRY_AFTER = 30.0
#: Models remembered; one is a few kilobytes of text (a graph of 64 heads about 60).
REMEMBERED = 256

_asked: OrderedDict[str, Job] = OrderedDict()
_lock = Lock()


def ask(architecture: Architecture, style: Style, visitor: str) -> Job:
    """The job that describes `style` of `architecture`: submitted now, or the one that did it before.

    Its result is that of `backend.worker.describe`. One that did not finish is asked again.
    """
    source = style.write(architecture)
    with _lock:
        job = _asked.get(source)
        if job is None or _worth_asking_again(job):
            payload = {"architecture": architecture.model_dump(mode="json"), "style": style.key}
            job = _asked[source] = jobs.submit(visitor, "describe", payload, urgent=True)
        _asked.move_to_end(source)
        while len(_asked) > REMEMBERED:
            _asked.popitem(last=False)
    return job


def _worth_asking_again(job: Job) -> bool:
    view = job.view()
    if view.state == "failed":
        return time.time() - (view.finished_at or 0) > RETRY_AFTER
    return view.state in ("lost", "cancelled")
