"""The table of a measurement as CSV."""

from __future__ import annotations

from backend.lab.gradients import Gradients, ratio_of
from backend.questions.speed.result import csv_of


def table_csv(gradients: Gradients) -> str:
    """A row for each measured epoch and pair of heads. A figure that is not defined is empty."""
    rows = [
        [
            each.epoch, gradients.heads[i], gradients.heads[j], each.cosine((i, j)), each.length(i), each.length(j),
            ratio_of(each, (i, j)), each.conflicting[i][j], each.comparable[i][j],
        ]
        for each in gradients.measurements
        for i, j in gradients.pairs()
    ]  # fmt: skip
    return csv_of(rows, [
        "epoch", "first_head", "second_head", "cosine", "first_length", "second_length", "length_ratio",
        "conflicting_batches", "compared_batches",
    ])  # fmt: skip
