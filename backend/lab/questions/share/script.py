"""The script of question 6: data, networks, tuning and training in plain Keras, with the figures of the evidence."""

from __future__ import annotations

import inspect
import textwrap

from backend.lab.questions.share.evidence import BATCH, FIRST_SEED, TUNING_SEEDS, Settings
from backend.lab.sharing import FEATURES, FUNCTIONS, MODELS, TIMESTEPS, VALIDATION, sizes

_IMPORTS = """from __future__ import annotations

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
from keras import layers
"""


def _builder(key: str, source: str) -> tuple[str, str]:
    """The source of a network as classes that come first, and a function that builds it."""
    _, _, text = source.partition("from keras import layers\n")
    before, _, body = text.partition("sequence = keras.Input")
    body = f"sequence = keras.Input{body}".rstrip() + "\nreturn model"
    return before.strip(), f"def {key}():\n" + textwrap.indent(body, "    ")


def code(settings: Settings) -> str:
    """The script: for each ρ and each network the tuned rate and epochs, the mean losses, and the median Δm."""
    found = sizes(settings.units)
    parts = [_builder(key, MODELS[key].source(found[key])) for key in settings.keys]
    main = f"""
def draw(relatedness, seed):
    return pair_of_tasks(
        samples={settings.samples}, validation={VALIDATION}, timesteps={TIMESTEPS}, features={FEATURES},
        relatedness=relatedness, noise={settings.noise!r}, seed=seed,
    )


class Trained:
    \"\"\"A network that is compiled once, and trained from fresh weights for each seed.\"\"\"

    def __init__(self, build):
        self.build = build
        self.model = build()
        self.model.compile(keras.optimizers.Adam(), loss={{"a": "mse", "b": "mse"}})

    def losses(self, relatedness, seed, rate, epochs):
        \"\"\"The validation losses of both heads after each epoch, (epochs, 2).\"\"\"
        keras.utils.set_random_seed(seed)
        self.model.set_weights(self.build().get_weights())
        optimizer = self.model.optimizer
        optimizer.build(self.model.trainable_variables)
        for variable in optimizer.variables:
            variable.assign(np.zeros(variable.shape))
        optimizer.learning_rate = rate
        x, y, x_validation, y_validation = draw(relatedness, seed)
        order, found = np.random.default_rng(seed), []
        for _ in range(epochs):
            for rows in order.permutation({settings.samples})[:{settings.steps * BATCH}].reshape(-1, {BATCH}):
                self.model.train_on_batch(x[rows], {{head: targets[rows] for head, targets in y.items()}})
            outputs = self.model(x_validation, training=False)
            found.append([float(np.mean((np.array(outputs[h]) - y_validation[h]) ** 2)) for h in ("a", "b")])
        return np.array(found)


networks = {{build.__name__: Trained(build) for build in ({", ".join(settings.keys)})}}
for relatedness in {list(settings.levels)}:
    print("relatedness", relatedness)
    for name, network in networks.items():
        tried = {{}}
        for rate in {sorted(settings.rates)}:
            curves = [network.losses(relatedness, seed, rate, {settings.epochs}) for seed in {TUNING_SEEDS!r}]
            mean = np.mean(curves, axis=(0, 2))
            mean[~np.isfinite(mean)] = np.inf
            tried |= {{(rate, epoch + 1): loss for epoch, loss in enumerate(mean)}}
        rate, epochs = min(tried, key=tried.get)
        seeds = range({FIRST_SEED}, {FIRST_SEED + settings.seeds})
        losses = np.array([network.losses(relatedness, seed, rate, epochs)[-1] for seed in seeds])
        if name == "separate":
            separate = losses
        change = np.median(np.mean((losses - separate) / separate, axis=1))
        count = network.model.count_params()
        a, b = losses.mean(axis=0)
        tuned = f"rate {{rate}}, {{epochs}} epochs"
        print(f"  {{name}}: {{count}} parameters, {{tuned}}, losses {{a:.4f}} {{b:.4f}}, change {{change:+.4f}}")
"""
    blocks = [
        "# Should these heads share? Five networks of equal size on a pair of tasks. It takes some minutes.",
        _IMPORTS.strip(),
        "# The sequences and their targets.",
        *(inspect.getsource(function).strip() for function in FUNCTIONS),
        "# The networks.",
        *(text for part in parts for text in part if text),
        "# Tuning on seeds of their own, then training.",
        main.strip(),
    ]
    return "\n\n\n".join(blocks) + "\n"
