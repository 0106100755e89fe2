"""Predictions against targets, epoch by epoch: what the browser draws (`components/browser/predictions.js`).

If both styles agree at every epoch, one picture shows both, and a small chart shows how far they differ. Otherwise
each style has its own panel, on the same scale.
"""

from __future__ import annotations

import base64
from threading import Lock
from typing import Any

import numpy as np
from cachetools import LRUCache, cached
from cachetools.keys import hashkey

from backend.experiment.sides import side_titles
from backend.training.frames import TaskFrames, quantize
from backend.training.result import SIDES, Run
from backend.words import fixed, short
from components import browser
from components.text import one_line
from components.theme import NEUTRAL, side_colours, task_hue

Data = dict[str, Any]
#: What a score is called, by the kind of the task.
_SCORE = {"regression": "R²", "binary": "accuracy", "multiclass": "accuracy"}


def show(name: str, run: Run, drawn: int, key: str = "predictions") -> None:
    """Draw the predictions of the first `drawn` heads of the run `name`; they follow its clock."""
    browser.mount("predictions", data(name, run, drawn), key=key)


def heading(run: Run) -> str:
    """The heading above the pictures: on which sequences the styles predict."""
    training, held_out = run.experiment.parts
    of, kind = (held_out, "validation") if held_out else (training, "training")
    count = len(next(iter(run.predictions.truth.values()))) if run.predictions else 0
    which = f"the first {count:,}" if count < of else f"all {count:,}"
    return f"Predictions against targets, on {which} {kind} sequences"


@cached(
    LRUCache(maxsize=64),
    key=lambda name, run, drawn: hashkey(name, drawn, run.styles, run.experiment.architecture.heads[:drawn]),
    lock=Lock(),
)
def data(name: str, run: Run, drawn: int) -> Data:
    """Everything that the pictures of the first `drawn` heads need. Made once for all visitors."""
    tasks = []
    for position, head in enumerate(run.experiment.architecture.heads[:drawn]):
        frames = TaskFrames.of(run, head)
        if frames is not None:
            tasks.append(_task(frames, run, position))
    titles = side_titles(*run.styles)
    return {
        "run": name,
        "frames": [snapshot.epoch for snapshot in run.snapshots],
        "styles": [
            {"title": title, "colour": colour} for title, colour in zip(titles, side_colours(run.styles), strict=True)
        ],
        "both": NEUTRAL,
        "tasks": tasks,
    }


def _task(frames: TaskFrames, run: Run, position: int) -> Data:
    head, agree = frames.head, frames.agree
    kind = head.spec.kind
    low, high = frames.axis()
    if kind == "multiclass":
        truth = np.argmax(frames.truth, axis=1).astype(np.uint8)
        sides = [frames.answers(side).astype(np.uint8) for side in SIDES]
    else:
        truth = quantize(frames.truth, low, high)
        sides = [quantize(frames.side(side), low, high) for side in SIDES]
    scores = [[_score(frames, value) for value in frames.scores(side)] for side in SIDES]
    task: Data = {
        "name": head.name,
        "title": one_line(head.title),
        "hue": task_hue(position),
        "kind": kind,
        "classes": head.units if kind == "multiclass" else 0,
        "axis": [low, high],
        "truth": _base64(truth),
        "sides": [_base64(side) for side in (sides[:1] if agree else sides)],
        "score": _SCORE[kind],
        "scores": scores,
        "agree": agree,
        "alt": _alt(frames, run, scores),
    }
    if agree:
        task |= {"difference": _difference(frames), "range": _range(frames), "words": _agreement_sentence(frames, run)}
    return task


def _base64(codes: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(codes).tobytes()).decode()


def _score(frames: TaskFrames, value: float) -> str:
    """R² with three digits, an accuracy in percent; empty if the targets do not vary, so that there is no R²."""
    if not np.isfinite(value):
        return short(value) if frames.spread else ""
    if frames.head.spec.kind != "regression":
        return f"{value:.0%}"
    return fixed(value, 3) if value > -100 else short(value, 3)


def _difference(frames: TaskFrames) -> list[float]:
    """The largest difference at each frame, in percent of the range (`_range`)."""
    return [float(f"{100 * value:.3g}") for value in frames.differences]


def _range(frames: TaskFrames) -> str:
    """What `TaskFrames.spread` is, in words."""
    return "the targets' range" if frames.head.spec.kind == "regression" else "the range from 0 to 1"


def _agreement_sentence(frames: TaskFrames, run: Run) -> str:
    """How far both styles differ, in a sentence."""
    left, right = side_titles(*run.styles)
    largest = float(frames.differences.max())
    if largest == 0:
        return f"{left} and {right} make equal predictions at every epoch shown."
    differ = f"their predictions differ by at most {short(100 * largest)}% of {_range(frames)}"
    return f"{left} and {right} agree: {differ}."


def _alt(frames: TaskFrames, run: Run, scores: list[list[str]]) -> str:
    """The numbers of the picture at the last epoch."""
    head, epoch = frames.head, run.snapshots[-1].epoch
    name = _SCORE[head.spec.kind]
    values = ", ".join(
        f"{title} {score[-1] or 'none'}" for title, score in zip(side_titles(*run.styles), scores, strict=True)
    )
    kind = {
        "regression": "a scatter of targets and predictions",
        "binary": "predictions by target, yes or no",
        "multiclass": "how many sequences of each class were predicted as each class",
    }[head.spec.kind]
    agreement = f" {_agreement_sentence(frames, run)}" if frames.agree else ""
    return f"{one_line(head.title)}: {kind}. After epoch {epoch}: {name} {values}.{agreement}"
