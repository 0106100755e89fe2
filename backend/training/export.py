"""Exports an experiment as a plain script or notebook, and the curves of a run as CSV.

Script and notebook need only Keras and NumPy. They contain validated numbers, enums and identifiers, never a label.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

import nbformat
import pandas as pd
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.dataset import script_source
from backend.experiment.styles import Style
from backend.experiment.styles.base import IMPORTS
from backend.experiment.styles.transfer import transfer_source
from backend.training.result import SIDES, Run


@dataclass(frozen=True)
class Section:
    """A section of the script, which is a cell of the notebook."""

    title: str
    code: str


def script(experiment: Experiment) -> str:
    """A Python script that trains both styles with `model.fit` and prints each epoch's losses, as on the page."""
    parts = [
        f'"""{_summary(experiment)}\n\nNeeds keras, tensorflow and numpy.\n"""\n\nfrom __future__ import annotations\n'
    ]
    parts += [f"# {section.title}\n\n{section.code.strip()}\n" for section in sections(experiment)]
    return "\n\n".join(parts)


def notebook(experiment: Experiment) -> str:
    """The same experiment as a Jupyter notebook (nbformat 4 JSON)."""
    cells = [new_markdown_cell(f"# Two heads\n\n{_summary(experiment)}")]
    for section in sections(experiment):
        cells += [new_markdown_cell(f"## {section.title}"), new_code_cell(section.code.strip())]
    for i, cell in enumerate(cells):
        cell["id"] = f"cell-{i}"  # not random, so that the same experiment gives the same file
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return str(nbformat.writes(new_notebook(cells=cells, metadata=kernel)))


def curves_csv(run: Run) -> str:
    """All curves in long form: seed, epoch, side, style, split, loss (total or a head's name), value."""
    rows = []
    for epoch in run.epochs:
        for side, style in zip(SIDES, run.styles, strict=True):
            losses = getattr(epoch, side)
            rows.append((epoch.seed, epoch.epoch, side, style, "train", "total", losses.total))
            rows += [(epoch.seed, epoch.epoch, side, style, "train", h, v) for h, v in losses.heads.items()]
            if losses.val_total is not None:
                rows.append((epoch.seed, epoch.epoch, side, style, "validation", "total", losses.val_total))
                rows += [
                    (epoch.seed, epoch.epoch, side, style, "validation", h, v) for h, v in losses.val_heads.items()
                ]
    columns = ["seed", "epoch", "side", "style", "split", "loss", "value"]
    return pd.DataFrame(rows, columns=columns).to_csv(index=False)


def sections(experiment: Experiment) -> list[Section]:
    """The steps of the experiment as plain Keras and NumPy."""
    left, right = experiment.styles()
    return [
        Section("Imports", f"import numpy as np\n{IMPORTS}"),
        Section("The sequences and their targets", script_source(experiment.architecture, experiment.sequences)),
        Section(f"Left: {left.title}", _builder("build_left", left, experiment.architecture)),
        Section(f"Right: {right.title}", _builder("build_right", right, experiment.architecture)),
        Section("Settings", _settings(experiment)),
        Section("Train both on the same batches", _training(experiment)),
    ]


def _summary(experiment: Experiment) -> str:
    left, right = experiment.styles()
    return f"Compare {left.title} with {right.title} on the same synthetic sequences. An experiment from Two Heads."


def _builder(name: str, style: Style, architecture: Architecture) -> str:
    body = style.write(architecture).removeprefix(IMPORTS).strip()
    fresh = "keras.utils.clear_session()  # layer names restart at lstm, dense\nkeras.utils.set_random_seed(seed)\n"
    return f"def {name}(seed):\n{textwrap.indent(fresh + body, '    ')}\n    return model\n"


def _settings(experiment: Experiment) -> str:
    training = experiment.training
    train, validate = training.split(experiment.sequences.samples)
    parts = "first the training sequences, then the validation sequences" if validate else "no validation sequences"
    return (
        f"SEEDS = {list(range(training.seed, training.seed + training.seeds))}\n"
        f"EPOCHS = {training.epochs}\n"
        f"BATCH = {training.batch}\n"
        f"TRAIN, VALIDATE = {train}, {validate}  # {parts}\n\n\n"
        f"def optimizer():\n    return {training.optimizer_source}\n"
    )


def _training(experiment: Experiment) -> str:
    left, right = experiment.styles()
    architecture = experiment.architecture
    start = f"\n\n{_transfer(experiment)}" if experiment.training.same_start else ""
    transfer = "    transfer_weights(left, right)\n" if experiment.training.same_start else ""
    held_out = experiment.training.split(experiment.sequences.samples)[1]
    validation = "then the validation losses" if held_out else "then nan twice (no validation sequences)"
    fitted = "".join(
        f"        {side}_losses = one_epoch({side}, {_targets(architecture, style)}, order)\n"
        for side, style in zip(SIDES, (left, right), strict=True)
    )
    return f"""{_SHARED}{start}

for seed in SEEDS:
    left, right = build_left(seed), build_right(seed)
{transfer}    left.compile(optimizer=optimizer(), {_loss(experiment, left)})
    right.compile(optimizer=optimizer(), {_loss(experiment, right)})
    batches = np.random.default_rng(seed)
    print(f"seed {{seed}}: total loss of left and right, their ratio, {validation}")
    for epoch in range(1, EPOCHS + 1):
        order = batches.permutation(TRAIN)
{fitted}        (l, vl), (r, vr) = left_losses, right_losses
        ratio = r / l if l else float("nan")  # a total is 0 where all its loss weights are 0
        print(f"epoch {{epoch}}: {{l:.9g}} {{r:.9g}} {{ratio:.6f}} {{vl:.9g}} {{vr:.9g}}")
"""


_SHARED = '''
def pick(targets, rows):
    """The same rows of every target, in the form that the model takes."""
    if isinstance(targets, dict):
        return {name: target[rows] for name, target in targets.items()}
    if isinstance(targets, list):
        return [target[rows] for target in targets]
    return targets[rows]


def one_epoch(model, targets, order):
    """Fit one epoch in this order. Return the training loss and the validation loss (nan without validation)."""
    held_out = slice(TRAIN, TRAIN + VALIDATE)
    history = model.fit(
        x[order],
        pick(targets, order),
        batch_size=BATCH,
        epochs=1,
        shuffle=False,
        verbose=0,
        validation_data=(x[held_out], pick(targets, held_out)) if VALIDATE else None,
    ).history
    return history["loss"][0], history.get("val_loss", [float("nan")])[0]
'''


def _targets(architecture: Architecture, style: Style) -> str:
    """The targets in the form `style` outputs them."""
    arrays = ", ".join(f'y["{head.name}"]' for head in architecture.heads)
    if style.outputs == "dict":
        return "y"
    if len(architecture.heads) == 1:
        return arrays
    return f"np.concatenate([{arrays}], axis=1)" if style.outputs == "fused" else f"[{arrays}]"


def _loss(experiment: Experiment, style: Style) -> str:
    """The loss arguments of `compile` in the form of `style`'s outputs."""
    heads = experiment.architecture.heads
    if style.one_output(experiment.architecture):
        return f'loss="{heads[0].loss}"'
    weights = experiment.training.loss_weights(experiment.architecture)
    weighted = experiment.training.combine != "sum"
    if style.outputs == "dict":
        losses = ", ".join(f'"{head.name}": "{head.loss}"' for head in heads)
        shares = ", ".join(f'"{head.name}": {weight!r}' for head, weight in zip(heads, weights, strict=True))
        return f"loss={{{losses}}}" + (f", loss_weights={{{shares}}}" if weighted else "")
    losses = ", ".join(f'"{head.loss}"' for head in heads)
    return f"loss=[{losses}]" + (f", loss_weights={list(weights)!r}" if weighted else "")


def _transfer(experiment: Experiment) -> str:
    """A function of the script that gives the right model the initial weights of the left one."""
    lines = transfer_source(experiment.architecture, *experiment.styles(), names=SIDES)
    body = "\n".join(['"""Give the right model the initial weights of the left one."""', *lines])
    return f"def transfer_weights(left, right):\n{textwrap.indent(body, '    ')}\n"
