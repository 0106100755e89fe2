"""Whether the gradients of a model's heads conflict, measured while the model trains."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import keras
import numpy as np

from two_heads.graph import states_kept
from two_heads.head_losses import HeadLosses, arrays_of, gradients_of, read_batches, tensorflow
from two_heads.on_keras import on_keras

#: The schema version of the file that `save` writes.
SCHEMA = 1
#: The most pairs of heads that a plot or a summary has.
MOST_LINES = 12
#: With fewer batches, a share of them says little.
FEWEST_BATCHES = 8


class GradientConflict(keras.callbacks.Callback):  # type: ignore[misc]
    """A callback for `fit` that compares the gradients of the heads' losses with respect to their trunk.

    The trunk consists of the trainable variables on which the loss of every head depends, except those of layers that
    `fuse_heads` made. The losses are those of `compile`, each before its weight, with the model in training mode and
    without regularizers.

    `x` and `y` are arrays, or lists or dictionaries of them, as for `fit`; a few hundred rows are enough. Without `y`,
    `x` is a `tf.data.Dataset`, a `PyDataset` or a generator of batches (x, y). At most 1,024 rows are read from it,
    once, so a generator has to be one of its own. Gradients are measured on the rows in batches of `batch_size`: before
    the first epoch, after every `every` epochs, and at the end. Weights of samples are not used.

    `history` has an entry for each measurement: {"epoch": 0, "pairs": [{"heads": ["a", "b"], "cosine": -0.2,
    "length_ratio": 1.5, "conflict_rate": 0.6}]}. `cosine` is that between the mean gradients of both heads over all
    rows, and `length_ratio` is the length of the second one divided by that of the first. `conflict_rate` is the share
    of the batches in which the cosine is negative. A figure that is not defined, as for a gradient of zero, is None.

    The result of the training stays the same to the bit: the states of dropout, batch normalization and stateful
    recurrent layers are restored. The exception is a layer of your own that keeps a state outside Keras's variables.
    For each batch, a measurement takes one forward pass, and one backward pass for each head; `docs/library.md` has
    measured costs.

    Raises `RuntimeError` if Keras's backend is not TensorFlow, and `ValueError` for settings below 1, for
    arrays of different lengths, and for elements that are no batches. `fit` raises `ValueError` if `y` does
    not fit the outputs, if fewer than two outputs have a loss, and if the heads have no variable in common.
    """

    def __init__(self, x: Any, y: Any = None, every: int = 1, batch_size: int = 32) -> None:
        super().__init__()
        self._tf = tensorflow("GradientConflict")
        if every < 1 or batch_size < 1:
            raise ValueError(f"every is {every}, and batch_size {batch_size}. They have to be whole numbers from 1.")
        self.history: list[dict[str, Any]] = []
        self._every, self._batch = every, batch_size
        if y is None:
            x, y = read_batches(x)
        self._x, self._rows = arrays_of(x, None, "x")
        self._given = y
        self._epochs = 0
        self._losses: HeadLosses | None = None

    def on_train_begin(self, logs: Any = None) -> None:
        """Prepare the measurements of this training. Measure the model as it is, if nothing was measured before."""
        steps = getattr(self.model, "steps", None)  # of `combine`
        losses = HeadLosses(steps.model if steps else self.model)
        self._y, _ = arrays_of(losses.targets(self._given), self._rows, "y")
        self._losses = losses
        self._variables = losses.trunk_candidates()
        self._gradients = self._tf.function(self._graph, autograph=False, reduce_retracing=True)
        if not self.history:
            self._measure()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Measure after every `every` epochs, counted over all calls of `fit`."""
        self._epochs += 1
        if self._epochs % self._every == 0:
            self._measure()

    def on_train_end(self, logs: Any = None) -> None:
        """Measure the trained model, if it was not measured after its last epoch."""
        if self.history[-1]["epoch"] != self._epochs:
            self._measure()

    def save(self, path: str | Path) -> Path:
        """Write the history as JSON, with "schema": 1, and return the path. Raises `ValueError` without a history."""
        self._check_measured()
        about = {
            "schema": SCHEMA,
            "heads": self._losses.names if self._losses else [],
            "rows": self._rows,
            "batch_size": self._batch,
            "versions": {"keras": keras.__version__},
            "history": self.history,
        }
        Path(path).write_text(json.dumps(about, allow_nan=False), encoding="utf-8")
        return Path(path)

    def summary(self) -> str:
        """The history in words: a line on the measurements, and one for each pair.

        The figures of a pair are those after the first epoch, or at the start if there are no others. Pairs that
        conflict most come first; at most `MOST_LINES` are listed. Raises `ValueError` if nothing was measured.
        """
        self._check_measured()
        entries = [each for each in self.history if each["epoch"]] or self.history
        batches = math.ceil(self._rows / self._batch)
        when = f"{len(entries)} times after the start" if self.history[-1]["epoch"] else "only at the start"
        lines = [f"The gradients were measured {when}, on {self._rows:,} rows in {batches:,} batches."]
        if batches < FEWEST_BATCHES:
            lines.append(f"A share of fewer than {FEWEST_BATCHES} batches says little: pass more rows.")
        ranked = _ranked(entries)
        lines += map(_in_words, ranked[:MOST_LINES])
        if len(ranked) > MOST_LINES:
            lines.append(f"The other {len(ranked) - MOST_LINES:,} pairs have a higher mean cosine, or none.")
        return "\n".join(lines)

    def plot(self) -> Any:
        """The cosines over the epochs as a figure of Plotly.

        It shows the `MOST_LINES` pairs with the lowest mean cosine. Raises `ImportError` if Plotly is missing, and
        `ValueError` if nothing was measured.
        """
        self._check_measured()
        from plotly import graph_objects

        figure = graph_objects.Figure()
        for pair in _ranked(self.history)[:MOST_LINES]:
            figure.add_scatter(
                x=[entry["epoch"] for entry in self.history], y=[each["cosine"] for each in pair],
                name=" and ".join(pair[0]["heads"]), mode="lines+markers",
            )  # fmt: skip
        figure.update_layout(xaxis_title="epoch", yaxis_title="cosine of the gradients", yaxis_range=[-1.05, 1.05])
        return figure

    def _check_measured(self) -> None:
        if not self.history:
            raise ValueError("Nothing was measured yet. Pass this to the callbacks of fit.")

    def _measure(self) -> None:
        """Add the measurement of the present weights to the history."""
        assert self._losses
        total: Any = 0.0
        heads = len(self._losses.names)
        gramians = []
        with states_kept(self._losses.model):
            for start in range(0, self._rows, self._batch):
                x, y = (self._cut(each, start) for each in (self._x, self._y))
                rows, gramian = self._gradients(x, y)
                total += rows * (min(start + self._batch, self._rows) - start) / self._rows
                gramians.append(gramian.numpy())
        gramian = self._tf.matmul(total, total, transpose_b=True).numpy()
        pairs = [_pair(gramian, np.array(gramians), pair, self._losses.names) for pair in combinations(range(heads), 2)]
        self.history.append({"epoch": self._epochs, "pairs": pairs})

    def _cut(self, arrays: Any, start: int) -> Any:
        stop = start + self._batch
        return keras.tree.map_structure(
            lambda each: None if each is None else self._tf.convert_to_tensor(each[start:stop]), arrays
        )

    def _graph(self, x: Any, y: Any) -> tuple[Any, Any]:
        """The heads' gradients with respect to the trunk on a batch, (heads, parameters), and their Gramian."""
        assert self._losses
        # Small gradients would be 0 in float16. A scale that all gradients share changes neither cosines nor ratios.
        scale = 1024.0 if self._losses.model.compute_dtype == "float16" else 1.0
        with self._tf.GradientTape(persistent=True) as tape:
            outputs = self._losses.model(x, training=True)
            losses = [loss * scale for loss in self._losses.of(outputs, y)]
        gradients = gradients_of(losses, self._variables, tape)
        shared = on_keras().trunk(gradients)
        if not shared:
            raise ValueError("The heads have no trainable variable in common, so their gradients cannot conflict.")
        flat = [self._tf.concat([self._tf.reshape(of_head[i], [-1]) for i in shared], 0) for of_head in gradients]
        rows = self._tf.cast(self._tf.stack(flat), self._tf.float64)
        return rows, self._tf.matmul(rows, rows, transpose_b=True)


def _pair(gramian: np.ndarray, batches: np.ndarray, pair: tuple[int, int], names: Sequence[str]) -> dict[str, Any]:
    """The figures of a pair, from the Gramian of the mean gradients and those of the batches. An undefined one is None.

    Only batches in which both gradients are finite and not 0 are counted.
    """
    i, j = pair
    (one, other), product = (np.sqrt(gramian[k, k]) for k in pair), gramian[i, j]
    squares = batches[:, pair, pair]
    products = batches[(np.isfinite(squares) & (squares > 0)).all(axis=1), i, j]
    with np.errstate(all="ignore"):
        cosine, ratio = np.clip(product / one / other, -1.0, 1.0), other / one
    return {
        "heads": [names[i], names[j]],
        "cosine": round(float(cosine), 6) if np.isfinite(cosine) else None,
        "length_ratio": float(f"{ratio:.6g}") if np.isfinite(ratio) else None,
        "conflict_rate": round(float((products < 0).mean()), 6) if len(products) else None,
    }


def _mean_cosine(pair: Sequence[dict[str, Any]]) -> float:
    """The mean of the cosines that are defined; 1 if there are none."""
    defined = [each["cosine"] for each in pair if each["cosine"] is not None]
    return sum(defined) / len(defined) if defined else 1.0


def _in_words(pair: Sequence[dict[str, Any]]) -> str:
    """A line on a pair of heads, from its figures at each measurement."""
    one, other = pair[0]["heads"]
    if any(each["cosine"] is None or not each["length_ratio"] or each["conflict_rate"] is None for each in pair):
        return f"'{one}' and '{other}': these data cannot tell, because a gradient was zero or not finite."
    below = sum(each["cosine"] < 0 for each in pair)
    verdict = "conflict" if below == len(pair) else "do not conflict" if not below else "conflict at times"
    mean = f"{_mean_cosine(pair):.2f}".replace("-0.00", "0.00").replace("-", "−")
    rate = sum(each["conflict_rate"] for each in pair) / len(pair)
    ratio = math.exp(sum(math.log(each["length_ratio"]) for each in pair) / len(pair))
    longer, shorter, times = (other, one, ratio) if ratio >= 1 else (one, other, 1 / ratio)
    return (
        f"'{one}' and '{other}' {verdict}: the cosine of their mean gradients was below 0 at {below} of {len(pair)} "
        f"measurements (mean {mean}), and they conflicted in {rate:.0%} of the batches. The gradient of '{longer}' was "
        f"{times:.3g} times as long as that of '{shorter}'."
    )


def _ranked(entries: Sequence[dict[str, Any]]) -> list[tuple[dict[str, Any], ...]]:
    """The figures of each pair at each measurement, the pairs with the lowest mean cosine first."""
    return sorted(zip(*(entry["pairs"] for entry in entries), strict=True), key=_mean_cosine)
