"""Ten mistakes with several outputs, one file each; a new one is a new file and one line here."""

from __future__ import annotations

from typing import Any

from backend.mistakes import (
    alphabet,
    broadcast,
    class_weight,
    clone,
    history,
    nan_labels,
    one_array,
    one_loss,
    summary,
    traced_float,
)
from backend.mistakes.base import Mistake, Verdict

#: Every mistake by its key, in the order of its number.
MISTAKES: dict[str, Mistake[Any]] = {
    module.MISTAKE.key: module.MISTAKE
    for module in (
        alphabet,
        one_loss,
        broadcast,
        history,
        nan_labels,
        class_weight,
        one_array,
        summary,
        clone,
        traced_float,
    )
}

__all__ = ["MISTAKES", "Mistake", "Verdict"]
