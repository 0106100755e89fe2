"""A Dask preload: a worker registers only after Keras is loaded and has taken a first training step."""

from __future__ import annotations

import ctypes
import faulthandler
import gc
import logging
import os
import signal
import sys
from contextlib import suppress
from typing import Any

from backend.config.environment import settings
from backend.jobs import runtime

#: The nice value of a worker that does not yield: beside one busy process it gets a quarter of a core.
_LOWER = 5


def dask_setup(worker: Any) -> None:
    """Called by Dask in a worker process before it registers with the scheduler."""
    faulthandler.enable()  # if native code crashes, the log has the Python lines that called it
    if worker.nanny:
        _die_with_nanny()
    yields = settings().workers_yield
    os.nice(19 if yields else _LOWER)  # The server draws pages on the same cores and has priority.
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    silence_errors_of_closing(worker)
    warm_up()
    if yields:
        _run_only_when_idle()
    # Keras and TensorFlow are never freed, so the garbage collector does not have to scan them.
    gc.collect()
    gc.freeze()
    runtime.mark_warm()


def silence_errors_of_closing(worker: Any) -> None:
    """Do not log errors while `worker` closes: a heartbeat that is being sent loses its connection."""
    closing = ("closing", "closing_gracefully", "closed")
    logging.getLogger("distributed.worker").addFilter(lambda _: worker.status.name not in closing)


def _run_only_when_idle() -> None:
    """Give the cores to the server process at once whenever it draws a page.

    A low priority is not enough: Linux lets such a thread finish its time slice of some milliseconds before a thread
    that wakes up can run, and the server wakes up a hundred times to draw a page. Called after the warm-up, which would
    otherwise take minutes on a busy machine.
    """
    if hasattr(os, "SCHED_IDLE"):
        for thread in os.listdir("/proc/self/task"):
            with suppress(OSError):  # the container forbids it, or the thread has ended
                os.sched_setscheduler(int(thread), os.SCHED_IDLE, os.sched_param(0))


def _die_with_nanny() -> None:
    """Make Linux kill this process when its nanny ends, even by kill -9.

    Dask's own check runs on a Python thread, which cannot run while a job holds the interpreter's lock.
    """
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)


def set_threads() -> None:
    """Set how TensorFlow uses threads in this process. Call this before its first operation."""
    # A product that XLA spreads over several threads might add up in another order. Read at the first compilation.
    os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} --xla_cpu_multi_thread_eigen=false".lstrip()

    import tensorflow as tf

    from backend.worker.keras_internals import let_idle_threads_sleep

    # Each style of a pair has a thread of its own, on a core that would otherwise be idle. Step by step, that is the
    # calling thread. An XLA program runs as a whole on a thread of the intra-op pool.
    tf.config.threading.set_intra_op_parallelism_threads(2)
    tf.config.threading.set_inter_op_parallelism_threads(2)
    let_idle_threads_sleep()


def warm_up() -> None:
    """Build, trace and train one tiny model, so that TensorFlow loads what it loads only at first use."""
    set_threads()

    import keras
    import numpy as np

    inputs = keras.Input((2, 1))
    outputs = keras.layers.Dense(1)(keras.layers.LSTM(1)(inputs))
    model = keras.Model(inputs, outputs)
    model.compile(optimizer="adam", loss="mse", jit_compile=False)
    model.train_on_batch(np.zeros((1, 2, 1), "float32"), np.zeros((1, 1), "float32"))
