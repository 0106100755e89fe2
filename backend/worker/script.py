"""Executes the script that a claim shows, and reads its evidence from the script's variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar
from weakref import WeakSet

import keras

from backend.claims.base import Measured
from backend.jobs.runtime import Context
from backend.worker.build import execute
from backend.worker.keras_internals import release_traced_graphs

E = TypeVar("E", bound=Measured)


def run_script(source: str, evidence: type[E], context: Context) -> E:
    """Execute `source`, the `code` of a claim, and read each field of `evidence` from the variable of that name.

    The text is executed as it is. Around it, cancelling is looked for at each `print`, which prints nothing here, and
    after each batch of a `fit`. Raises `Cancelled` there.
    """

    def silent(*_: Any, **__: Any) -> None:
        context.raise_if_cancelled()

    context.raise_if_cancelled()
    with release_traced_graphs(), _cancellable_fit(context):
        return _read(execute(source, print=silent), evidence)  # no name here: it would keep the models alive


def _read(variables: Mapping[str, Any], evidence: type[E]) -> E:
    return evidence.model_validate({name: variables[name] for name in evidence.model_fields})


@contextmanager
def _cancellable_fit(context: Context) -> Iterator[None]:
    """Give each `model.fit` within a callback that looks for cancelling after each batch.

    Keras has no callback for all models, so `keras.Model.fit` is wrapped; a worker runs one job at a time.
    """
    usual = keras.Model.fit
    fitted: WeakSet[keras.Model] = WeakSet()

    def fit(model: keras.Model, *arguments: Any, callbacks: Any = (), **options: Any) -> Any:
        if model not in fitted:  # a second fit of the same model traces nothing
            fitted.add(model)
            context.traced()
        return usual(model, *arguments, callbacks=[*callbacks, watch], **options)

    watch = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: context.raise_if_cancelled())
    keras.Model.fit = fit
    try:
        yield
    finally:
        del keras.Model.fit  # it is inherited
