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

    The text is executed as it is. Around it, cancelling is looked for at each `print`, which prints nothing here, and
    after each batch of a `fit`. Raises `Cancelled` there.
    """

    def silent(*_: Any, **__: Any) -> None:
        context.raise_if_cancelled()

    watch = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: context.raise_if_cancelled())
    context.raise_if_cancelled()
    with release_traced_graphs(), callback_in_each_fit(watch, first_fit=context.traced):
        return _read(execute(source, print=silent), evidence)  # no name here: it would keep the models alive


def _read(variables: Mapping[str, Any], evidence: type[E]) -> E:
    return evidence.model_validate({name: variables[name] for name in evidence.model_fields})
