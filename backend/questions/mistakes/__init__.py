"""Mistakes with several outputs, one file each; a new one is a new file and one line here."""

from __future__ import annotations

from typing import Any

from backend.questions.mistakes import (
    changing_weight,
    class_weight,
    clone,
    custom_loss,
    early_stopping,
    frozen_norm,
    frozen_trunk,
    head_rate,
    history,
    list_of_targets,
    loss_units,
    lost_mask,
    metric_by_name,
    nan_labels,
    one_array,
    one_column,
    one_loss,
    sample_weight,
    shared_softmax,
    summary,
    weights_by_name,
)
from backend.questions.mistakes.base import Mistake, Verdict

#: Every mistake by its key, in the order of its number.
MISTAKES: dict[str, Mistake[Any]] = {
    module.MISTAKE.key: module.MISTAKE
    for module in (
        weights_by_name,
        one_loss,
        one_column,
        history,
        nan_labels,
        class_weight,
        one_array,
        summary,
        clone,
        changing_weight,
        metric_by_name,
        sample_weight,
        frozen_trunk,
        frozen_norm,
        custom_loss,
        head_rate,
        lost_mask,
        loss_units,
        shared_softmax,
        early_stopping,
        list_of_targets,
    )
}

__all__ = ["MISTAKES", "Mistake", "Verdict"]
