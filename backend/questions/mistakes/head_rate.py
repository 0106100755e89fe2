"""Mistake 16: a loss weight in place of a learning rate, with Adam.

Adam divides a gradient by the root of its mean square, so a constant factor cancels (Kingma and Ba 2015, section 2.1).
Keras: `optimizers/base_optimizer.py`, `update_step` gets each variable with its gradient and learning rate.
"""

from __future__ import annotations

from backend.questions.base import Measured
from backend.questions.mistakes.base import Mistake, Reading, number, script


class Moved(Measured):
    """By how much the first step moved the weights of each head: the mean over its kernel."""

    trend_moved: float
    level_moved: float


OPTIONS = (
    "About ten times as far as that of `trend`",
    "About three times as far: the square root of ten",
    "About as far",
)


def read(values: Moved, printed: str) -> Reading:
    """How far the kernel of `level` moved, compared with that of `trend`."""
    ratio = values.level_moved / values.trend_moved if values.trend_moved else float("nan")
    finding = f"In the first step the kernel of `level` moved {number(ratio)} times as far as that of `trend`."
    near = [abs(ratio - expected) < 0.1 * expected for expected in (10, 10**0.5, 1)]
    return Reading(next((o for o, is_near in zip(OPTIONS, near, strict=True) if is_near), None), finding, not near[0])


def _script(optimizer: str, weights: str) -> str:
    return script(
        optimizer,
        f'model.compile(optimizer=optimizer, loss=["mse", "mse"]{weights})\n',
        """\
heads = [model.get_layer("trend"), model.get_layer("level")]
before = [np.array(head.kernel) for head in heads]
model.train_on_batch(x, [trend, level])
trend_moved, level_moved = (
    float(np.abs(np.array(head.kernel) - kernel).mean())
    for head, kernel in zip(heads, before)
)
print(f"trend moved by {trend_moved:.4f}, level by {level_moved:.4f}")
""",
    )


_RATES = """\
class Faster(keras.optimizers.Adam):
    def update_step(self, gradient, variable, learning_rate):
        rate = 10 if variable.name.startswith("level/") else 1
        super().update_step(gradient, variable, rate * learning_rate)


optimizer = Faster(0.001)
"""
MISTAKE = Mistake(
    key="head_rate",
    number=16,
    title="A learning rate for each head",
    question="`level` should learn ten times as fast as `trend`, so its loss has the weight 10. The optimizer is Adam. "
    "How far does the first step move the kernel of `level`, compared with that of `trend`?",
    options=OPTIONS,
    misconceptions=("a-loss-weight-is-a-learning-rate", "adam-takes-the-root-of-a-factor", ""),
    ticked=OPTIONS[2],
    broken=_script("optimizer = keras.optimizers.Adam(0.001)\n", ", loss_weights=[1, 10]"),
    symptom="The weight of a loss seems to have no effect on how fast its head learns.",
    why="Adam divides each gradient by a running average of its size. A factor in a head's loss is a factor in all "
    "gradients of that head's weights, so it cancels there, apart from Adam's tiny ε. It does not cancel in the layers "
    "that both heads share: there it decides whose gradient prevails. With SGD the head would move ten times as far.",
    remedy="Change the learning rate itself. Keras's optimizers have one rate for all variables, but they call "
    "`update_step` for each variable, with the rate. A subclass can multiply the rate for one head. The loss weight "
    "stays 1, so the shared layers are trained as before.",
    mended=_script(_RATES, ""),
    evidence=Moved,
    read=read,
)
