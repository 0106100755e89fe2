"""The script of question 5: the same trainings in plain Keras, batch by batch."""

from __future__ import annotations

import textwrap

from backend.experiment.dataset import script_source
from backend.experiment.styles import STYLES
from backend.experiment.styles.base import IMPORTS
from backend.lab.questions.beat.evidence import Settings
from backend.training.export.method import IMPORTS as METHOD_IMPORTS
from backend.training.export.method import methods_source
from backend.weightings import METHODS, Scalarizer


def code(settings: Settings) -> str:
    """A script that tunes and tests every entry, and prints its rate, its losses and the median Δm of each method."""
    experiment = settings.measured()
    architecture = experiment.architecture
    body = STYLES["functional"].write(architecture).removeprefix(IMPORTS).strip()
    source = methods_source(architecture, {class_name(key): METHODS[key] for key in settings.methods})
    fixed = "".join(f"    {list(weights)},\n" for weights in settings.weightings)
    methods = "".join(
        f'    "{METHODS[key].title}": ({class_name(key)}, {_initial(key)}),\n' for key in settings.methods
    )
    return f"""# Does any method beat tuned fixed weights?
# Needs keras, tensorflow and numpy. It takes some minutes.

from __future__ import annotations

import numpy as np
{IMPORTS}
{METHOD_IMPORTS}

# The sequences and their targets

{script_source(architecture, settings.sequences()).removeprefix("import numpy as np").strip()}


# The network

def build(seed):
    keras.utils.set_random_seed(seed)
{textwrap.indent(body, "    ")}
    return model


# The methods, and for each a model that trains with it

{source.strip()}


# Settings: of the sequences, the first third trains, the second tunes, the last one tests

FIXED = [
{fixed}]
METHODS = {{
{methods}}}
RATES = {list(settings.rates)}
TUNING_SEEDS = {list(settings.tuning_seeds)}
TEST_SEEDS = {list(settings.test_seeds)}
SIZE, EPOCHS, BATCH = {settings.samples}, {settings.epochs}, {experiment.training.batch}


STARTS = {{seed: build(seed).get_weights() for seed in TUNING_SEEDS + TEST_SEEDS}}


def optimizer():
    return {experiment.training.optimizer_source}

{_MAIN}"""


def class_name(key: str) -> str:
    """The name of the class that trains with the method: "TrainedWithPcgrad"."""
    return f"TrainedWith{key.title().replace('_', '')}"


def _initial(key: str) -> str:
    """The function of the method's state at the start, as source; None where it keeps nothing."""
    method = METHODS[key]
    kept = isinstance(method, Scalarizer) and bool(method.initial(1))
    return method.initial.__name__ if isinstance(method, Scalarizer) and kept else "None"


_MAIN = '''
def train(model, step, network, initial, seed, rate):
    """Train from new weights, and return the model's head losses on the second and the last third."""
    network.set_weights(STARTS[seed])
    for variable in model.optimizer.variables:
        variable.assign(ops.zeros_like(variable))
    model.optimizer.learning_rate = rate
    if network is not model:  # what a method keeps and draws
        model.noise.state.assign(keras.random.SeedGenerator(seed).state)
        for name, value in (initial(len(HEADS)) if initial else {}).items():
            model.state[name].assign(value)
    order = np.random.default_rng(seed)
    for _ in range(EPOCHS):
        model.reset_metrics()
        rows = order.permutation(SIZE)
        for start in range(0, SIZE, BATCH):
            batch = rows[start : start + BATCH]
            step(x[batch], [y[name][batch] for name in HEADS])
        if hasattr(model, "end_epoch"):
            model.end_epoch()
    return [head_losses(network, slice(part * SIZE, (part + 1) * SIZE)) for part in (1, 2)]


def head_losses(network, part):
    """The mean loss of each head on a part of the sequences."""
    outputs = network(x[part], training=False)
    pairs = zip(LOSSES, (y[name][part] for name in HEADS), outputs)
    return [float(ops.mean(keras.losses.get(loss)(truth, output))) for loss, truth, output in pairs]


def score(losses):
    """The mean logarithm of the losses; the lower, the better."""
    losses = np.array(losses)
    return np.log(losses).mean() if np.isfinite(losses).all() and (losses > 0).all() else np.inf


def entry(title, model, network, initial=None):
    """Tune the rate, test with it, and return the tuning score and the losses of the test, (seeds, heads)."""
    step = tf.function(lambda x, y: model.train_step((x, y)), reduce_retracing=True)
    use = model, step, network, initial
    scores = [score([train(*use, seed, rate)[0] for seed in TUNING_SEEDS]) for rate in RATES]
    rate = RATES[int(np.argmin(scores))]
    tested = np.array([train(*use, seed, rate)[1] for seed in TEST_SEEDS])
    print(f"{title}: rate {rate:g}, median losses", *(f"{loss:.4g}" for loss in np.median(tested, axis=0)))
    return min(scores), tested


entries = []
for weights in FIXED:
    model = build(0)
    model.compile(optimizer=optimizer(), loss=LOSSES, loss_weights=weights)
    model.optimizer.build(model.trainable_variables)
    entries.append(entry(f"fixed {[round(weight / min(weights), 2) for weight in weights]}", model, model))
best = min(range(len(FIXED)), key=lambda i: entries[i][0])
print(f"tuned fixed weights: {[round(weight / min(FIXED[best]), 2) for weight in FIXED[best]]}")
for title, (kind, initial) in METHODS.items():
    network = build(0)
    model = kind(network, 0)
    model.compile(optimizer=optimizer())
    trained = [variable for variable in getattr(model, "state", {}).values() if variable.trainable]
    model.optimizer.build([*network.trainable_variables, *trained])
    _, tested = entry(title, model, network, initial)
    changes = np.exp(np.log(tested / entries[best][1]).mean(axis=1)) - 1
    print(f"    median change of the geometric mean of the losses: {100 * np.median(changes):+.2f} %")
'''
