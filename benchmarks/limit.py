"""An XLA program against a training loop written by hand in JAX, a process for each style, each on a core of its own.

`limit_share`: steps a second of an XLA program, with validation off, divided by those of the loops in JAX.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import median
from typing import Any

from backend.experiment import Experiment
from benchmarks.training import EXPERIMENT, Process

ROUNDS = 3
EPOCHS = 100
RATE = 0.003


def measure() -> Iterator[tuple[str, float]]:
    """Both in turns, within one run."""
    training = EXPERIMENT.training.model_copy(update={"epochs": EPOCHS})
    setting = EXPERIMENT.model_copy(update={"training": training})
    steps = 2 * EPOCHS * setting.sequences.samples // training.batch
    with Process("both_ways") as trainer:
        trainer.measure(EXPERIMENT)  # the first model in a process takes longer
        ours, limit = [], []
        for _ in range(ROUNDS):
            ours.append(steps / trainer.measure(setting)["second_steps"])
            limit.append(sum(_both_in_jax()))
    yield "limit_steps_per_s", median(limit)
    yield "limit_share", median(a / b for a, b in zip(ours, limit, strict=True))


def _both_in_jax() -> list[float]:
    """Steps a second of both loops, which run at the same moment."""
    cores = sorted(os.sched_getaffinity(0))
    processes = []
    for core in (cores[0], cores[-1]):
        command = [sys.executable, "-m", "benchmarks.limit", str(core)]
        processes.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True))
    return [float(process.communicate(timeout=300)[0]) for process in processes]


def in_jax(experiment: Experiment) -> float:
    """Steps a second of the thread's network (LSTM, Dense, one output layer) with Adam, in one `lax.scan`."""
    import jax
    import jax.numpy as jnp
    import numpy as np
    from jax import lax

    architecture, training = experiment.architecture, experiment.training
    samples, units, features = experiment.sequences.samples, architecture.lstm[0], architecture.features
    dense, outputs = architecture.dense[0].units, architecture.output_units
    random = np.random.default_rng(0)
    cell_shapes = [(features, 4 * units), (units, 4 * units), (4 * units,)]
    shapes = [*cell_shapes, (units, dense), (dense,), (dense, outputs), (outputs,)]
    weights = [jnp.asarray(random.normal(size=shape, scale=0.1), jnp.float32) for shape in shapes]
    x = jnp.asarray(random.normal(size=(samples, architecture.timesteps, features)), jnp.float32)
    y = jnp.asarray(random.normal(size=(samples, outputs)), jnp.float32)

    def loss(weights: Any, x: Any, y: Any) -> Any:
        kernel, recurrent, bias, inner, inner_bias, outer, outer_bias = weights
        given = x @ kernel + bias

        def cell(state: Any, now: Any) -> Any:
            hidden, memory = state
            i, f, c, o = jnp.split(now + hidden @ recurrent, 4, axis=1)
            memory = jax.nn.sigmoid(f) * memory + jax.nn.sigmoid(i) * jnp.tanh(c)
            return (jax.nn.sigmoid(o) * jnp.tanh(memory), memory), None

        zeros = jnp.zeros((len(x), units))
        (hidden, _), _ = lax.scan(cell, (zeros, zeros), jnp.swapaxes(given, 0, 1), unroll=architecture.timesteps)
        return jnp.mean(((hidden @ inner + inner_bias) @ outer + outer_bias - y) ** 2)

    def step(carry: Any, rows: Any) -> Any:
        weights, first, second, count = carry
        value, gradients = jax.value_and_grad(loss)(weights, x[rows], y[rows])
        first = [0.9 * m + 0.1 * g for m, g in zip(first, gradients, strict=True)]
        second = [0.999 * v + 0.001 * g * g for v, g in zip(second, gradients, strict=True)]
        count += 1
        rate = RATE * jnp.sqrt(1 - 0.999**count) / (1 - 0.9**count)
        moved = zip(weights, first, second, strict=True)
        weights = [w - rate * m / (jnp.sqrt(v) + 1e-7) for w, m, v in moved]
        return (weights, first, second, count), value

    orders = np.stack([random.permutation(samples) for _ in range(EPOCHS)]).reshape(-1, training.batch)
    train = jax.jit(lambda carry, orders: lax.scan(step, carry, orders))
    zeros = [jnp.zeros_like(w) for w in weights]
    carry = (weights, zeros, zeros, jnp.float32(0))
    jax.block_until_ready(train(carry, orders))
    begun = time.perf_counter()
    jax.block_until_ready(train(carry, orders))
    return len(orders) / (time.perf_counter() - begun)


if __name__ == "__main__":
    os.sched_setaffinity(0, {int(sys.argv[1])})
    os.environ["JAX_PLATFORMS"] = "cpu"
    print(in_jax(EXPERIMENT))
