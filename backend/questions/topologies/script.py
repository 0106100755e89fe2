"""The script of a topology, which a worker executes: it trains the model and its baseline, and scores them.

It needs Keras and NumPy. It contains the text of our functions for the problem and the score.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from backend.experiment.styles.base import IMPORTS, function
from backend.scripts.source import with_constants, with_helpers

_TRAINING = """\
def inputs(model, x, rows):
    values = [x[tensor.name][rows] for tensor in model.inputs]
    return values if len(values) > 1 else values[0]


def trainer(build):
    \"\"\"A function that trains the model with fresh weights and returns its score on validation sequences.\"\"\"
    model = build()
    model.steps_per_execution = SAMPLES // BATCH  # an epoch is one call into TensorFlow: as exact, and faster
    model.optimizer.build(model.trainable_variables)
    fresh = [np.array(variable) for variable in model.optimizer.variables]

    def validation_score(seed, epochs):  # the seed decides the data, the initial weights and the order of the batches
        x, y = draw(seed, 2 * SAMPLES, RELATEDNESS)
        keras.utils.set_random_seed(seed)
        model.set_weights(build().get_weights())
        for variable, value in zip(model.optimizer.variables, fresh):
            variable.assign(value)
        rng = np.random.default_rng(seed)
        order = np.concatenate([rng.permutation(SAMPLES) for _ in range(epochs)])  # all epochs, one after the other
        targets = {name: y[name][order] for name in model.output}
        model.fit(inputs(model, x, order), targets, batch_size=BATCH, shuffle=False, verbose=0)
        predicted = model(inputs(model, x, slice(SAMPLES, None)), training=False)
        return score(
            {name: np.asarray(values) for name, values in predicted.items()},
            {name: values[SAMPLES:] for name, values in y.items()},
        )

    return validation_score


train, train_baseline = trainer(topology), trainer(baseline)
scores = {epochs: {"model": [], "baseline": []} for epochs in LENGTHS}
for epochs, both in scores.items():
    for seed in SEEDS:
        both["model"].append(train(seed, epochs))
        both["baseline"].append(train_baseline(seed, epochs))
        print(f"{epochs} epochs, seed {seed}:", both["model"][-1], both["baseline"][-1], flush=True)
    gains = np.sort(np.array(both["model"]) - np.array(both["baseline"]))
    low, high = gains[OMITTED], gains[-1 - OMITTED]
    print(f"After {epochs} epochs, the median gain is {np.median(gains):+.3g}, the interval {low:+.3g} to {high:+.3g}")
"""


def write(
    model: str, baseline: str, draw: Callable[..., Any], score: Callable[..., Any], constants: Mapping[str, Any]
) -> str:
    """The script. `model` and `baseline` are the sources of both models."""
    functions = with_constants(with_helpers(draw, score))
    lines = "".join(f"{name} = {value!r}\n" for name, value in constants.items())
    training = _TRAINING.replace(" draw(", f" {draw.__name__}(").replace(" score(", f" {score.__name__}(")
    models = [function("topology", model), function("baseline", baseline)]
    return "\n\n".join([f"{IMPORTS}import numpy as np\n", functions, *models, lines, training])
