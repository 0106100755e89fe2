"""Executes the script that a claim shows, and reads its evidence from the script's variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import keras

from backend.claims.base import Measured
from backend.jobs.runtime import Context
from backend.worker.build import execute
from backend.worker.keras_internals import callback_in_each_fit, release_traced_graphs

E = TypeVar("E", bound=Measured)


def run_script(source: str, evidence: type[E], context: Context) -> E:
    """Execute `source`, the `code` of a claim, and read each field of `evidence` from the variable of that name.

    The text is executed unchanged, except that `print` prints nothing. Each `print` and each batch of a `fit` checks
    whether the job was cancelled, and raises `Cancelled`.
    """

    def silent(*_: Any, **__: Any) -> None:
        context.raise_if_cancelled()

    watch = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: context.raise_if_cancelled())
    context.raise_if_cancelled()
    with release_traced_graphs(), callback_in_each_fit(watch, first_fit=context.traced):
        return _read(execute(source, print=silent), evidence)  # assign no name: it would keep the models alive


def _read(variables: Mapping[str, Any], evidence: type[E]) -> E:
    return evidence.model_validate({name: variables[name] for name in evidence.model_fields})
