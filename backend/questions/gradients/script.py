"""The measurement of gradients as a script in plain Keras. It trains as the exported script of a training does."""

from __future__ import annotations

from backend.experiment import Experiment
from backend.experiment.styles import STYLES
from backend.lab.gradients import measured_epochs
from backend.scripts.source import source_of, source_of_file
from backend.training.export.script import builder, sections, trained_source, transfer_function
from two_heads.weightings.trunk import gramian_of, trunk

_MEASURING = '''\
counts = np.zeros((2, len(HEADS), len(HEADS)), int)  # of the batches that conflict, and of those that can be compared
functional = build_functional(0)
gramian = gramian_function(functional, LOSSES)
draws = np.random.default_rng(SEEDS[0])
ORDERS = [draws.permutation(TRAIN) for _ in range(EPOCHS + 1)]  # the batches of each epoch, and of one more


def watch(epoch, model):
    """With the weights after this epoch, count the batches of the next one in which two heads conflict."""
    if epoch not in MEASURED:
        return
    to_functional(model, functional)
    for start in range(0, TRAIN, BATCH):
        rows = ORDERS[epoch][start : start + BATCH]
        products = gramian(x[rows], [y[name][rows] for name in HEADS])
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
    trained = trained_source(experiment, watched=True).strip()
    has_gramian = any("def gramian_of(" in part for part in (*parts, trained))  # a method that trains may need it
    shared = source_of_file("worker/lab_questions/plain.py", "gramian_function")
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
        *([] if has_gramian else [source_of([trunk, gramian_of]).strip()]),
        shared.strip(),
        builder("build_functional", functional, architecture).strip(),
        to_functional.replace("def transfer_weights", "def to_functional").strip(),
        settings.strip(),
        _MEASURING,
    ])  # fmt: skip
