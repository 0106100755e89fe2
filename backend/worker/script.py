"""Executes a script that a page shows, and reads its evidence from the script's variables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from typing import Any, TypeVar

import keras
from pydantic import BaseModel

from backend.jobs.runtime import Context
from backend.worker.build import execute
from backend.worker.keras_internals import callback_in_each_fit, operations_in_order, release_traced_graphs

E = TypeVar("E", bound=BaseModel)


@contextmanager
def usual_precision() -> Iterator[None]:
    """At the end, Keras computes in float32 again, which a script may have changed."""
    try:
        yield
    finally:
        keras.config.set_floatx("float32")
        keras.config.set_dtype_policy("float32")


def run_script(source: str, evidence: type[E], context: Context, printed: StringIO | None = None, **known: Any) -> E:
    """Execute `source` unchanged, and read each field of `evidence` from the variable of that name, or from `known`.

    What it prints goes to `printed`. Each `print` and each batch of a `fit` checks whether the job was cancelled, and
    raises `Cancelled`. TensorFlow executes the operations in one order: otherwise two equal models can differ in a bit
    on a busy machine. At the end, the graphs that were traced are freed. Raises ValidationError for a missing variable,
    and any exception of the script.
    """

    def checked_print(*values: Any, **options: Any) -> None:
        context.raise_if_cancelled()
        print(*values, **options)

    context.raise_if_cancelled()
    watch = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: context.raise_if_cancelled())
    # A worker runs one job at a time, so its output can be redirected. Keras prints a summary itself.
    with (
        release_traced_graphs(), operations_in_order(), callback_in_each_fit(watch, first_fit=context.traced),
        redirect_stdout(StringIO() if printed is None else printed), usual_precision(),
    ):  # fmt: skip
        # A variable for the namespace would keep the models alive.
        return _read(execute(source, print=checked_print) | known, evidence)


def _read(variables: dict[str, Any], evidence: type[E]) -> E:
    return evidence.model_validate({name: variables[name] for name in evidence.model_fields if name in variables})
