"""The script that claims 5 and 6 share: losses and gradients in double precision, where no difference is round-off.

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

#: At most and at least this many sequences.
SEQUENCES, FEWEST_SEQUENCES = 256, 32
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
'''


def transfer_lines(experiment: Experiment) -> str:
    """Lines that copy the weights of `a`, whose last layer holds all heads, to `b`, which has a layer for each head."""
    both = STYLES["sequential"], STYLES["functional"]
    return "\n".join(transfer_source(experiment.architecture, *both, ("a", "b")))


def affordable_steps(architecture: Architecture) -> float:
    """How many steps of a training a script can afford: the larger the LSTM layers, the fewer."""
    work, width = 0.0, architecture.features
    for units in architecture.lstm:
        work += architecture.timesteps * (4 * units * (width + units) + _PER_TIMESTEP)
        width = units
    return _BUDGET / work


def descent_script(experiment: Experiment, lines: str) -> str:
    """The script: `lines` may use what is defined above. A large model gets fewer sequences."""
    architecture = experiment.architecture
    sequences = int(np.clip(4 * affordable_steps(architecture), FEWEST_SEQUENCES, SEQUENCES))
    head = f"""\
import tensorflow as tf

keras.config.set_floatx("float64")
keras.config.set_dtype_policy("float64")
kinds = {[LOSSES[head.loss].keras for head in architecture.heads]!r}  # the losses of the heads
mean = np.array({list(Training(combine="mean").loss_weights(architecture))!r})  # weights of a mean over all units
{x_line(experiment, sequences)}
{targets(experiment, sequences)}
{_TEXT}

"""
    return script(experiment, head + lines, ("sequential", "functional", "functional_fused"))
