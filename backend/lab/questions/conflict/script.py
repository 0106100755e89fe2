"""Question 2 as a script: plain Keras, with TensorFlow's tape for the gradients."""

from __future__ import annotations

from collections.abc import Iterable

from backend.experiment.styles import STYLES
from backend.lab.questions.conflict.evidence import Settings
from backend.lab.questions.own_data import data_source, network_source


def code(settings: Settings) -> str:
    """The script: for each relatedness or pair, the median conflict rate and cosine of the seeds."""
    experiment = settings.experiment
    training, heads = experiment.training, experiment.architecture.heads
    rhos = list(settings.rhos) if settings.dial else [experiment.sequences.relatedness]
    parts = [
        '"""How often do the gradients of two heads conflict while they train one trunk?"""',
        "from __future__ import annotations\n\nimport keras\nimport numpy as np\nimport tensorflow as tf\n"
        "from keras import layers, ops",
        data_source(experiment, "rho, number", relatedness="rho"),
        network_source(STYLES["functional"].write(experiment.architecture)),
        f"HEADS = {_quoted(head.name for head in heads)}\nLOSSES = {_quoted(head.loss for head in heads)}\n"
        f"PAIRS = {settings.pairs!r}  # by position\nRHOS = {rhos!r}\n"
        f"SEEDS, BATCH = {settings.seeds}, {training.batch}\n"
        f"FIRST = {training.seed}  # the first seed\n"
        f"MEASURED = {settings.measured!r}  # epochs",
        _MEASUREMENT.replace("OPTIMIZER", training.optimizer_source),
    ]
    return "\n\n\n".join(part.strip() for part in parts) + "\n"


def _quoted(names: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"


_MEASUREMENT = """
model = network(0)
model.compile(optimizer=OPTIMIZER, loss=LOSSES, jit_compile=False)


@tf.function
def gramian(x, y):
    \"\"\"The products of the gradients of the heads' losses with respect to the trunk, (heads, heads).\"\"\"
    with tf.GradientTape(persistent=True) as tape:
        outputs = model(x, training=True)
        losses = [ops.mean(keras.losses.get(name)(*pair)) for name, *pair in zip(LOSSES, y, outputs)]
    gradients = [tape.gradient(loss, model.trainable_variables) for loss in losses]
    trunk = [i for i in range(len(gradients[0])) if all(of_head[i] is not None for of_head in gradients)]
    rows = tf.stack([tf.concat([tf.reshape(of_head[i], [-1]) for i in trunk], 0) for of_head in gradients])
    rows = tf.cast(rows, tf.float64)
    return tf.matmul(rows, rows, transpose_b=True)


def restart(seed):
    \"\"\"Start again from the weights of this seed, with an empty optimizer.\"\"\"
    model.set_weights(network(seed).get_weights())
    rate = float(model.optimizer.learning_rate)
    for variable in model.optimizer.variables:
        variable.assign(ops.zeros_like(variable))
    model.optimizer.learning_rate = rate


def measured(x, y, order):
    \"\"\"For each pair: the share of the batches in which it conflicts, and the cosine on all sequences.\"\"\"
    parts = [order[start : start + BATCH] for start in range(0, len(x), BATCH)]
    found = [gramian(x[rows], tuple(targets[rows] for targets in y)).numpy() for rows in parts]
    whole = gramian(x, tuple(y)).numpy()
    rates, cosines = [], []
    for i, j in PAIRS:
        products = [g[i, j] for g in found if np.isfinite(g).all() and g[i, i] > 0 and g[j, j] > 0]
        rates.append(np.mean(np.less(products, 0)) if products else np.nan)
        length = np.sqrt(whole[i, i] * whole[j, j])
        cosines.append(whole[i, j] / length if length > 0 else np.nan)
    return rates, cosines


for rho in RHOS:
    of_seeds = []
    for number in range(SEEDS):
        seed = FIRST + number
        restart(seed)
        x, y = data(rho, number)
        draws, done, found = np.random.default_rng(seed), 0, []
        for epoch in MEASURED:
            for _ in range(epoch - done):
                order = draws.permutation(len(x))
                targets = [each[order] for each in y]
                model.fit(x[order], targets, batch_size=BATCH, shuffle=False, verbose=0)
            done = epoch
            found.append(measured(x, y, np.random.default_rng([seed, epoch]).permutation(len(x))))
        of_seeds.append(np.nanmean(found[1:], axis=0))  # without the start
    rates, cosines = np.median(of_seeds, axis=0)
    for pair, rate, cosine in zip(PAIRS, rates, cosines):
        names = " and ".join(HEADS[head] for head in pair)
        print(f"ρ = {rho:g}, {names}: {rate:.4f} of the batches in conflict, cosine {cosine:.4f}")
"""
