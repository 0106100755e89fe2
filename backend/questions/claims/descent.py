"""The script that claims 5 and 6 share: trainings in double precision, in which a difference is not round-off.

`fit` would trace each model anew for each optimizer, and claim 6 trains 54 models. Here each model is traced once.
"""

from __future__ import annotations

import numpy as np

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.losses import LOSSES
from backend.experiment.styles import STYLES
from backend.experiment.styles.transfer import transfer_source
from backend.experiment.training import Training
from backend.questions.claims.base import script, targets, x_line
from backend.words import short

#: The highest learning rate at which two trainings are compared: above it, most networks amplify round-off.
MAX_RATE = 0.05
#: Predictions that vary over the sequences by at most this share of their variation before training are constant: the
#: network has died, and two dead networks agree.
CONSTANT = 1e-3
#: At most this many sequences in a training, and in a batch; the fewest sequences and steps, for the largest models.
SEQUENCES, BATCH, FEWEST_SEQUENCES, FEWEST_STEPS = 256, 32, 32, 5
#: Multiply-adds that one sequence may cost in all steps of a training, and what one LSTM timestep costs in addition.
_BUDGET, _PER_TIMESTEP = 1e8, 2e4

_TEXT = '''\
everyone = np.arange(len(x))
ends = np.cumsum([values.shape[1] for values in heads])[:-1]
plain, summed = np.ones(1), np.ones(len(heads))


def vector(model):  # all weights
    return np.concatenate([np.ravel(weights) for weights in model.get_weights()])


def descent(model, kinds, reduction="sum_over_batch_size"):
    """A function of the weights, which is traced once. It returns loss, gradient and predictions."""
    variables = model.trainable_variables
    counts = [int(np.prod(variable.shape)) for variable in variables]
    losses = [keras.losses.get({"class_name": kind, "config": {"reduction": reduction}}) for kind in kinds]
    truths = heads if len(kinds) > 1 else [y]
    numbers, indices = tf.TensorSpec([None], "float64"), tf.TensorSpec([None], "int64")

    @tf.function(input_signature=[numbers, indices, numbers], autograph=False)
    def at(weights, rows, loss_weights):
        for variable, part in zip(variables, tf.split(weights, counts)):
            variable.assign(tf.reshape(part, variable.shape))
        with tf.GradientTape() as tape:
            outputs = keras.tree.flatten(model(tf.gather(x, rows), training=True))
            each = [loss(tf.gather(truth, rows), output) for loss, truth, output in zip(losses, truths, outputs)]
            total = tf.reduce_sum(loss_weights * tf.stack(each))
        gradient = tape.gradient(total, variables)
        return total, tf.concat([tf.reshape(part, [-1]) for part in gradient], 0), tf.concat(outputs, 1)

    return at


def trained(starts, optimizer):
    """The predictions of each (descent, weights, loss weights, batches) after training.

    The optimizer treats each number separately, so all of them can be one variable.
    """
    flat = keras.Variable(np.concatenate([weights for _, weights, _, _ in starts]))
    counts = [len(weights) for _, weights, _, _ in starts]
    optimizer.build([flat])
    for step in range(STEPS):
        parts = zip(starts, tf.split(flat.value, counts))
        gradients = [at(part, batches[step % len(batches)], mix)[1] for (at, _, mix, batches), part in parts]
        optimizer.apply([tf.concat(gradients, 0)], [flat])
    parts = zip(starts, tf.split(flat.value, counts))
    return [at(part, everyone, mix)[2].numpy() for (at, _, mix, _), part in parts]


def left(before, after):
    """How much of its predictions' variation over the sequences a head has kept, at least: 0 if a head has died."""
    both = [[part.std(axis=0).max() for part in np.split(outputs, ends, axis=1)] for outputs in (before, after)]
    return float(np.min(np.divide(*reversed(both))))


def shuffled(seed):
    order = np.random.default_rng(seed).permutation(len(x))
    return order[: len(x) // BATCH * BATCH].reshape(-1, BATCH)
'''


def comparison_rate(experiment: Experiment) -> float:
    """The visitor's learning rate, at most `MAX_RATE`."""
    return min(experiment.training.learning_rate, MAX_RATE)


def at_rate(experiment: Experiment) -> str:
    """The precision and learning rate of the compared trainings, in words."""
    rate, yours = comparison_rate(experiment), experiment.training.learning_rate
    return f"in float64 at learning rate {short(rate, 3)}" + (
        f" in place of your {short(yours, 3)}" if yours > rate else ""
    )


def mean_weights(experiment: Experiment) -> tuple[float, ...]:
    """The loss weights uᵢ/Σu, which turn the sum of the head losses into the mean over all units."""
    return Training(combine="mean").loss_weights(experiment.architecture)


def transfer_lines(experiment: Experiment) -> str:
    """Lines that copy the weights of `a`, whose last layer holds all heads, to `b`, which has a layer for each head."""
    both = STYLES["sequential"], STYLES["functional"]
    return "\n".join(transfer_source(experiment.architecture, *both, ("a", "b")))


def descent_script(experiment: Experiment, most_steps: int, lines: str) -> str:
    """The script: `lines` may use what is defined above. A large model gets fewer steps and fewer sequences."""
    architecture = experiment.architecture
    affordable = _BUDGET / _work(architecture)
    sequences = int(np.clip(4 * affordable, FEWEST_SEQUENCES, SEQUENCES))
    head = f"""\
import tensorflow as tf

keras.config.set_floatx("float64")
keras.config.set_dtype_policy("float64")
STEPS, BATCH = {int(np.clip(affordable, FEWEST_STEPS, most_steps))}, {min(BATCH, sequences // 4)}
kinds = {[LOSSES[head.loss].keras for head in architecture.heads]!r}  # the losses of the heads
mean = np.array({list(mean_weights(experiment))!r})  # the loss weights of a mean over all units
{x_line(experiment, sequences)}
{targets(experiment, sequences)}
{_TEXT}

"""
    return script(experiment, head + lines, ("sequential", "functional", "functional_fused"))


def _work(architecture: Architecture) -> float:
    """Multiply-adds of the LSTM layers for one sequence, with the fixed cost of each timestep."""
    work, width = 0.0, architecture.features
    for units in architecture.lstm:
        work += architecture.timesteps * (4 * units * (width + units) + _PER_TIMESTEP)
        width = units
    return work
