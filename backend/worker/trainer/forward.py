"""What a style computes from a batch: its outputs and losses, as a graph of Keras's own layers and losses."""

from __future__ import annotations

import keras
import tensorflow as tf

from backend.experiment.architecture import Architecture
from backend.experiment.losses import LOSSES
from backend.experiment.styles import Style
from backend.worker.keras_internals import with_last_axis

#: Sequences in one evaluation, or a batch if that is more. The number is fixed, because in float32 it decides how a
#: mean is rounded. For the largest model, an evaluation takes less time than a training step on 512 sequences.
EVALUATED = 256


def keras_loss(name: str) -> keras.losses.Loss:
    """Keras's object of the loss with this key of `LOSSES`."""
    return getattr(keras.losses, LOSSES[name].keras)()


class Forward:
    """The forward pass of a model of this architecture in this style, on its own variables.

    It gives the model's outputs, and the losses of its heads.
    """

    def __init__(self, model: keras.Model, architecture: Architecture, style: Style) -> None:
        heads = architecture.heads
        self.model, self.units = model, [head.units for head in heads]
        self._losses = [keras_loss(head.loss) for head in heads]
        self._elementwise = keras.losses.get(heads[0].loss)
        self._one_output = style.one_output(architecture)
        self._names = [head.name for head in heads] if style.outputs == "dict" else None

    def __call__(
        self, x: tf.Tensor, y: tf.Tensor, weights: tf.Tensor, training: bool
    ) -> tuple[list[tf.Tensor], tf.Tensor]:
        """The total loss and each head's, and the outputs side by side (batch, units of all heads).

        `y` has the targets side by side, and `weights` the loss weights of the heads.
        """
        outputs = self.model(x, training=training)
        if self._one_output:
            total = self._losses[0](y, outputs)
            return [total, *self._fused_heads(y, outputs, total)], outputs
        if self._names:
            outputs = [outputs[name] for name in self._names]
        truths = tf.split(y, self.units, axis=1)
        heads = [loss(truth, output) for loss, truth, output in zip(self._losses, truths, outputs, strict=True)]
        total = sum(weight * head for weight, head in zip(tf.unstack(weights), heads, strict=True))
        return [total, *heads], tf.concat(outputs, 1)

    def _fused_heads(self, y: tf.Tensor, outputs: tf.Tensor, total: tf.Tensor) -> list[tf.Tensor]:
        """Each head's loss within one fused output: Keras's loss of every unit, averaged over the head's units."""
        if len(self.units) == 1:
            return [total]
        units = tf.reduce_mean(self._elementwise(tf.expand_dims(y, -1), with_last_axis(outputs)), axis=0)
        return [tf.reduce_mean(part) for part in tf.split(units, self.units)]
