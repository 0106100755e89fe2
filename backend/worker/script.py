"""Executes the script that a claim shows, and reads its evidence from the script's variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import keras
from pydantic import BaseModel

from backend.jobs.runtime import Context
from backend.worker.build import execute
from backend.worker.keras_internals import callback_in_each_fit, operations_in_order, release_traced_graphs

E = TypeVar("E", bound=BaseModel)


def run_script(source: str, evidence: type[E], context: Context) -> E:
    """Execute `source`, the `code` of a claim, and read each field of `evidence` from the variable of that name.

    The text is executed unchanged, except that `print` prints nothing. Each `print` and each batch of a `fit` checks
    whether the job was cancelled, and raises `Cancelled`.
    """

    def silent(*_: Any, **__: Any) -> None:
        context.raise_if_cancelled()

    context.raise_if_cancelled()
    with cancellable_fits(context):
        # A variable for the namespace would keep the models alive.
        return read_variables(execute(source, print=silent), evidence)


@contextmanager
def cancellable_fits(context: Context) -> Iterator[None]:
    """Within, each batch of a `fit` checks whether the job was cancelled, and raises `Cancelled`.

    TensorFlow executes the operations in one order: otherwise two equal models can differ in a bit on a busy machine.
    At the end, the graphs that were traced within are freed.
    """
    watch = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: context.raise_if_cancelled())
    with release_traced_graphs(), operations_in_order(), callback_in_each_fit(watch, first_fit=context.traced):
        yield


def read_variables(variables: Mapping[str, Any], evidence: type[E]) -> E:
    """Each field of `evidence` from the variable of that name. Raises KeyError for a missing variable."""
    return evidence.model_validate({name: variables[name] for name in evidence.model_fields})
