"""Predictions epoch by epoch, in as few bytes as a chart needs, and how far both styles differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backend.experiment.architecture import Head
from backend.statistics.scores import binary_accuracy, categorical_accuracy, r2
from backend.training.result import SIDES, Run, Side

#: Two styles agree if no prediction differs by more than this share of the range of the targets: one or two pixels.
AGREE = 0.01
#: A number is stored as one of `LEVELS` + 1 levels of the axis. `MISSING` stands for NaN and infinite numbers.
LEVELS, MISSING = 254, 255

_SCORES = {"regression": r2, "binary": binary_accuracy, "multiclass": categorical_accuracy}


def quantize(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """`values` as levels of the axis from `low` to `high` (uint8). Values beyond the axis get its end.

    A value on the axis is off by at most half a level: half a pixel, if the axis has 254.
    """
    share = (np.asarray(values, np.float64) - low) / (high - low)
    levels = np.clip(np.nan_to_num(share), 0, 1) * LEVELS
    return np.where(np.isfinite(values), np.round(levels), MISSING).astype(np.uint8)


@dataclass(frozen=True)
class TaskFrames:
    """The predictions of one head at each epoch of `Run.snapshots`, on the sequences of `Run.predictions`.

    `truth` is (n, units); `left` and `right` are (frames, n, units).
    """

    head: Head
    truth: np.ndarray
    left: np.ndarray
    right: np.ndarray

    @classmethod
    def of(cls, run: Run, head: Head) -> TaskFrames | None:
        """The frames of a head of `run`; None if the run has no predictions."""
        if run.predictions is None or not all(snapshot.predictions for snapshot in run.snapshots):
            return None
        left, right = (np.stack([each.predictions[side][head.name] for each in run.snapshots]) for side in SIDES)
        return cls(head, run.predictions.truth[head.name], left, right)

    def side(self, side: Side) -> np.ndarray:
        """The predictions of one style."""
        return self.left if side == "left" else self.right

    def scores(self, side: Side) -> list[float]:
        """R² of a regression, otherwise the accuracy, at each frame.

        NaN if there is none, or if a prediction is NaN or infinite.
        """
        score = _SCORES[self.head.spec.kind]
        return [
            score(predicted.astype(np.float64), self.truth) if np.isfinite(predicted).all() else float("nan")
            for predicted in self.side(side)
        ]

    @property
    def spread(self) -> float:
        """The range of the targets: the largest minus the smallest. Yes or no, and classes, range from 0 to 1."""
        return float(np.ptp(self.truth)) if self.head.spec.kind == "regression" else 1.0

    @property
    def differences(self) -> np.ndarray:
        """At each frame, the largest difference between both styles' predictions, divided by `spread`.

        0 if all are equal; infinite if they differ and the targets have no range; NaN if a prediction is NaN
        or infinite.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            difference = np.abs(self.left.astype(np.float64) - self.right.astype(np.float64)).max(axis=(1, 2))
            return np.asarray(difference / (self.spread or np.nextafter(0, 1)))

    @property
    def agree(self) -> bool:
        """Whether one picture shows both styles: they differ by at most `AGREE`, and answer alike, at every frame."""
        return bool((self.differences <= AGREE).all()) and np.array_equal(self.answers("left"), self.answers("right"))

    def answers(self, side: Side) -> np.ndarray:
        """A style's answers: classes (frames, n), or yes and no (frames, n, units); empty for a regression.

        A class is `MISSING` if a prediction of its sequence is NaN or infinite.
        """
        kind, predicted = self.head.spec.kind, self.side(side)
        if kind == "multiclass":
            return np.where(np.isfinite(predicted).all(axis=2), np.argmax(predicted, axis=2), MISSING)
        return np.asarray(predicted > 0.5) if kind == "binary" else np.zeros(0)

    def axis(self) -> tuple[float, float]:
        """Both ends of the axis: it holds the targets, and predictions up to one range of the targets beyond them."""
        if self.head.spec.kind != "regression":
            return -0.03, 1.03
        low, high = float(self.truth.min()), float(self.truth.max())
        spread = self.spread or max(abs(low), 1.0)
        predicted = np.concatenate([self.left.ravel(), self.right.ravel()])
        predicted = predicted[np.isfinite(predicted)]
        if predicted.size:
            low = min(low, max(float(predicted.min()), low - spread))
            high = max(high, min(float(predicted.max()), high + spread))
        return low - 0.05 * spread, high + 0.05 * spread
