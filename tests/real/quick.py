"""The workers' preload without Keras, which no sample needs: a worker is there in one second instead of five."""

from __future__ import annotations

from typing import Any

from backend.worker import preload


def dask_setup(worker: Any) -> None:
    """Everything else is the app's own."""
    preload.warm_up = lambda: None
    preload.dask_setup(worker)
