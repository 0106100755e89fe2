"""The measurement of gradients as a script in plain Keras. It trains as the exported script of a training does."""

from __future__ import annotations

from backend.experiment import Experiment
from backend.experiment.styles import STYLES
from backend.lab.gradients import measured_epochs
from backend.questions.lab.scripts import gradients_source
from backend.training.export.script import builder, sections, trained_source, transfer_function

_MEASURING = '''\
counts = np.zeros((2, len(HEADS), len(HEADS)), int)  # of the batches that can be compared, and of those in conflict
functional = build_functional(0)
gradients = gradients_function(functional, LOSSES)
draws = np.random.default_rng(SEEDS[0])
ORDERS = [draws.permutation(TRAIN) for _ in range(EPOCHS + 1)]  # the batches of each epoch, and of one more


def watch(epoch, model):
    """With the weights after this epoch, count the batches of the next one in which two heads conflict."""
    if epoch not in MEASURED:
        return
    to_functional(model, functional)
    heads = [y[name][:TRAIN] for name in HEADS]
    _, counted = gramian_and_counts(gradients, x[:TRAIN], heads, ORDERS[epoch], RIGHT_BATCH)
    counts[:] += counted


for _ in trained(SEEDS[0]):
    pass
pairs = [(i, j) for i in range(len(HEADS)) for j in range(i + 1, len(HEADS))]
for pair in pairs:
    comparable, conflicting = counts[:, pair[0], pair[1]]
    print(f"{' and '.join(HEADS[i] for i in pair)} conflict in {conflicting} of {comparable} batches")
comparable, conflicting = (sum(count[i, j] for i, j in pairs) for count in counts)
print(f"together: {conflicting} of {comparable}")
'''


def write(experiment: Experiment) -> str:
    """Python that repeats the measurement for the first seed of the experiment. Its counts agree up to round-off."""
    architecture, (_, right), functional = experiment.architecture, experiment.styles(), STYLES["functional"]
    *parts, _ = (section.code.strip() for section in sections(experiment))
    trained = trained_source(experiment, watched=True).strip()
    has_gramian = any("def gramian_of(" in part for part in (*parts, trained))  # a method that trains may need it
    to_functional = transfer_function(architecture, right, functional, ("trained", "functional"))
    settings = (
        f"HEADS = {[head.name for head in architecture.heads]!r}\n"
        f"LOSSES = {[head.loss for head in architecture.heads]!r}\n"
        f"MEASURED = {measured_epochs(experiment.training.epochs)!r}  # epochs\n"
    )
    return "\n\n\n".join([
        "from __future__ import annotations\n\nimport tensorflow as tf\nfrom keras import ops",
        *parts,
        trained,
        gradients_source(trunk_too=not has_gramian).strip(),
        builder("build_functional", functional, architecture).strip(),
        to_functional.replace("def transfer_weights", "def to_functional").strip(),
        settings.strip(),
        _MEASURING,
    ])  # fmt: skip
