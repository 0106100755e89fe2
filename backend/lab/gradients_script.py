"""The measurement of gradients as a script in plain Keras. It trains as the exported script of a training does."""

from __future__ import annotations

from backend.experiment import Experiment
from backend.experiment.styles import STYLES
from backend.lab.gradients import measured_epochs
from backend.training.export.script import builder, sections, trained_source, transfer_function

_MEASURING = '''\
counts = np.zeros((2, len(HEADS), len(HEADS)), int)  # of the batches that conflict, and of those that can be compared
functional = build_functional(0)
draws = np.random.default_rng(SEEDS[0])
ORDERS = [draws.permutation(TRAIN) for _ in range(EPOCHS + 1)]  # the batches of each epoch, and of one more


@tf.function
def gramian(x, y):
    """The products of the gradients of the heads' losses with respect to the trunk, (heads, heads)."""
    with tf.GradientTape(persistent=True) as tape:
        outputs = functional(x, training=True)
        losses = [ops.mean(keras.losses.get(name)(*pair)) for name, *pair in zip(LOSSES, y, outputs)]
    gradients = [tape.gradient(loss, functional.trainable_variables) for loss in losses]
    trunk = [i for i in range(len(gradients[0])) if all(of_head[i] is not None for of_head in gradients)]
    rows = tf.stack([tf.concat([tf.reshape(of_head[i], [-1]) for i in trunk], 0) for of_head in gradients])
    rows = tf.cast(rows, tf.float64)
    return tf.matmul(rows, rows, transpose_b=True)


def watch(epoch, model):
    """With the weights after this epoch, count the batches of the next one in which two heads conflict."""
    if epoch not in MEASURED:
        return
    to_functional(model, functional)
    for start in range(0, TRAIN, BATCH):
        rows = ORDERS[epoch][start : start + BATCH]
        products = gramian(x[rows], tuple(y[name][rows] for name in HEADS)).numpy()
        squares = np.diag(products)
        usable = np.isfinite(squares) & (squares > 0)
        comparable = usable[:, None] & usable
        counts[:] += comparable & (products < 0), comparable


for _ in trained(SEEDS[0]):
    pass
pairs = [(i, j) for i in range(len(HEADS)) for j in range(i + 1, len(HEADS))]
for pair in pairs:
    conflicting, comparable = counts[:, pair[0], pair[1]]
    print(f"{' and '.join(HEADS[i] for i in pair)} conflict in {conflicting} of {comparable} batches")
conflicting, comparable = (sum(count[i, j] for i, j in pairs) for count in counts)
print(f"together: {conflicting} of {comparable}")
'''


def write(experiment: Experiment) -> str:
    """Python that repeats the measurement for the first seed of the experiment. Its counts agree up to round-off."""
    architecture, (_, right), functional = experiment.architecture, experiment.styles(), STYLES["functional"]
    *parts, _ = (section.code.strip() for section in sections(experiment))
    to_functional = transfer_function(architecture, right, functional, ("trained", "functional"))
    settings = (
        f"HEADS = {[head.name for head in architecture.heads]!r}\n"
        f"LOSSES = {[head.loss for head in architecture.heads]!r}\n"
        f"MEASURED = {measured_epochs(experiment.training.epochs)!r}  # epochs\n"
    )
    return "\n\n\n".join([
        "from __future__ import annotations\n\nimport tensorflow as tf\nfrom keras import ops",
        *parts,
        trained_source(experiment, watched=True).strip(),
        builder("build_functional", functional, architecture).strip(),
        to_functional.replace("def transfer_weights", "def to_functional").strip(),
        settings.strip(),
        _MEASURING,
    ])  # fmt: skip
