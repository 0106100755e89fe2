"""A Dask preload: a worker announces itself only when Keras is loaded and has taken a first step."""

from __future__ import annotations

import ctypes
import gc
import logging
import os
import signal
import sys
from contextlib import suppress
from typing import Any

from backend.jobs import runtime


def dask_setup(worker: Any) -> None:
    """Called by Dask in a worker process before it registers with the scheduler."""
    if worker.nanny:
        _die_with_nanny()
    os.nice(19)  # The page is drawn by another process on the same cores: it goes first.
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    quiet_at_its_end(worker)
    warm_up()
    _give_way()
    # Keras and TensorFlow stay for good; the collector need not walk through them again and again.
    gc.collect()
    gc.freeze()
    runtime.mark_warm()


def quiet_at_its_end(worker: Any) -> None:
    """Keep out of the log what fails because `worker` is being closed: a heartbeat on its way loses its connection."""
    closing = ("closing", "closing_gracefully", "closed")
    logging.getLogger("distributed.worker").addFilter(lambda _: worker.status.name not in closing)


def _give_way() -> None:
    """Stop at once for the page, which another process draws on the same cores: it goes first.

    Linux lets a thread of mere low priority end its turn of some milliseconds before one that wakes up, and a page
    wakes up a hundred times while it is drawn. After the warm-up, which would take minutes on a busy machine.
    """
    if hasattr(os, "SCHED_IDLE"):
        for thread in os.listdir("/proc/self/task"):
            with suppress(OSError):  # a container may forbid it; or the thread has ended
                os.sched_setscheduler(int(thread), os.SCHED_IDLE, os.sched_param(0))


def _die_with_nanny() -> None:
    """Have Linux kill this process when its nanny's dies, even by kill -9.

    Dask's own watch is a Python thread, which never runs while a job holds the interpreter's lock.
    """
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)


def warm_up() -> None:
    """Build, trace and train one tiny model: that loads what TensorFlow only loads when it is first used."""
    import tensorflow as tf

    # One thread within an operation: small kernels are faster so, and there are as many workers as cores.
    # Two between them: each style of a pair runs on its own, which uses a core that another worker leaves idle.
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(2)

    import keras
    import numpy as np

    inputs = keras.Input((2, 1))
    outputs = keras.layers.Dense(1)(keras.layers.LSTM(1)(inputs))
    model = keras.Model(inputs, outputs)
    model.compile(optimizer="adam", loss="mse", jit_compile=False)
    model.train_on_batch(np.zeros((1, 2, 1), "float32"), np.zeros((1, 1), "float32"))
