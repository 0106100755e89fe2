"""Writes an experiment as a plain script, which needs only Keras with TensorFlow, and NumPy.

It contains validated numbers, enums and identifiers, never a label.
"""

from __future__ import annotations

import json
import textwrap
from dataclasses import dataclass

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.dataset import script_source
from backend.experiment.sides import titles_of
from backend.experiment.styles import Style
from backend.experiment.styles.base import IMPORTS
from backend.experiment.styles.transfer import transfer_source
from backend.training.export.link import link_sentence
from backend.training.export.method import IMPORTS as METHOD_IMPORTS
from backend.training.export.method import methods_source, section_title
from backend.training.export.source import losses, targets
from backend.training.result import SIDES
from two_heads.weightings import Weighting

#: How closely the losses that script and notebook print agree with those on the page.
ROUND_OFF = """\
It prints the losses that the page shows, up to round-off, which training can
amplify. So it trains each seed again from weights changed in their last digit,
and prints how far the losses then differ. Those on the page may differ by as much."""


@dataclass(frozen=True)
class Section:
    """A section of the script, which is a cell of the notebook."""

    title: str
    code: str


def script(experiment: Experiment, page_url: str | None = None) -> str:
    """A Python script that trains both styles with `model.fit` and prints each epoch's losses, as on the page.

    At the end, it prints the figures of the page's answer: the validation losses of each task. It also prints how far
    round-off moves the losses (`ROUND_OFF`).

    `page_url` is the address of the page, for a link back to the experiment.
    """
    words = [summary(experiment), ROUND_OFF, link_sentence(experiment, page_url), "Needs keras, tensorflow and numpy."]
    parts = ['"""' + "\n\n".join(words) + '\n"""\n\nfrom __future__ import annotations\n']
    parts += [f"# {section.title}\n\n{section.code.strip()}\n" for section in sections(experiment)]
    return "\n\n".join(parts)


def sections(experiment: Experiment) -> list[Section]:
    """The steps of the experiment as plain Keras and NumPy."""
    left, right = experiment.sides()
    methods = _methods(experiment)
    imports = f"import numpy as np\n{IMPORTS}" + (f"\n{METHOD_IMPORTS}" if methods else "")
    title = "; ".join(map(section_title, methods.values()))
    titles = [side.style.title for side in (left, right)]
    if experiment.other is not None:
        titles = [", ".join(pair) for pair in zip(titles, titles_of(experiment), strict=True)]
    return [
        Section("Imports", imports),
        Section(
            "The sequences and their targets",
            script_source(experiment.architecture, experiment.sequences, experiment.parts),
        ),
        Section(f"Left: {titles[0]}", builder("build_left", left.style, left.experiment.architecture)),
        Section(f"Right: {titles[1]}", builder("build_right", right.style, right.experiment.architecture)),
        *([Section(title, methods_source(experiment.architecture, methods))] if methods else []),
        Section("Settings", _settings(experiment)),
        Section(
            "Train both on the same sequences in the same order",
            f"{trained_source(experiment)}\n{_LOOP}",
        ),
    ]


def summary(experiment: Experiment) -> str:
    """What the experiment compares, in a sentence or two."""
    left, right = titles_of(experiment)
    both = f" in {experiment.sides()[0].style.title}" if experiment.other is not None else ""
    source = experiment.architecture.source
    compared = f"Compare {left} with {right}{both} on the same {source.sequences}. An experiment from Two Heads."
    return f"{compared}\n\n{file_sentence(experiment)}" if source.file else compared


def file_sentence(experiment: Experiment) -> str:
    """Which file the script reads, in a sentence; empty if it reads none."""
    file = experiment.architecture.source.file
    return f"It reads {file.name} from the folder in which it runs. Export has that file, too." if file else ""


def _methods(experiment: Experiment) -> dict[str, Weighting]:
    """The methods that combine head losses, by the names of the functions that make a model which they train."""
    return {f"with_{side.method.key}": side.method for side in experiment.sides() if side.method}


def builder(name: str, style: Style, architecture: Architecture) -> str:
    """A function of that name that returns a fresh model of the style; its argument `seed` decides the weights."""
    body = style.write(architecture).removeprefix(IMPORTS).strip()
    fresh = "keras.utils.clear_session()  # layer names restart at lstm, dense\nkeras.utils.set_random_seed(seed)\n"
    return f"def {name}(seed):\n{textwrap.indent(fresh + body, '    ')}\n    return model\n"


def _settings(experiment: Experiment) -> str:
    training = experiment.training
    train, validate = experiment.parts
    left, right = (json.dumps(title, ensure_ascii=False) for title in titles_of(experiment))
    each = [(side, of_side.experiment.training) for side, of_side in zip(SIDES, experiment.sides(), strict=True)]
    batches = [settings.batch for _, settings in each]
    optimizers = "\n\n".join(
        f"def {side}_optimizer():\n    return {settings.optimizer_source}\n" for side, settings in each
    )
    parts = "first the training sequences, then the validation sequences" if validate else "no validation sequences"
    if validate and experiment.architecture.source.recorded:
        parts += f", which are later {experiment.architecture.source.unit}"
    return (
        f"LEFT, RIGHT = {left}, {right}\n"
        f"COLUMNS = {_columns(experiment.architecture)}\n"
        f"SEEDS = {list(range(training.seed, training.seed + training.seeds))}\n"
        f"EPOCHS = {training.epochs}\n"
        f"LEFT_BATCH, RIGHT_BATCH = {batches[0]}, {batches[1]}\n"
        f"TRAIN, VALIDATE = {train}, {validate}  # {parts}\n"
        "ROUND_OFF = True  # train each seed again from weights changed in their last digit, to see what that changes\n"
        "\n\n"
        f"{optimizers}"
    )


def _columns(architecture: Architecture) -> str:
    """A list in Python: the name, loss, first and last column of each head, if all outputs stand side by side."""
    rows, start = "", 0
    for head in architecture.heads:
        rows += f'    ("{head.name}", "{head.loss}", {start}, {start + head.units}),\n'
        start += head.units
    return f"[  # head, its loss, and its columns among all outputs\n{rows}]"


def trained_source(experiment: Experiment, watched: bool = False) -> str:
    """A function `trained(seed)` that trains both models and yields the losses after each epoch.

    If it is `watched`, it calls `watch(epoch, model)` with the right model before the first epoch and after each.
    """
    architecture, sides = experiment.architecture, experiment.sides()
    left, right = (side.style for side in sides)
    same_start = sides[0].experiment.training.same_start
    start = f"\n\n{transfer_function(architecture, left, right)}" if same_start else ""
    transfer = "    transfer_weights(left, right)\n" if same_start else ""
    watch = ("    plain = right\n    watch(0, plain)\n", "        watch(epoch, plain)\n") if watched else ("", "")
    compiled = fitted = ""
    for name, side in zip(SIDES, sides, strict=True):
        note = ""
        if side.method:
            compiled += f"    {name} = with_{side.method.key}({name}, seed)\n"
            note = "  # `loss` is only reported; Combined has a step of its own"
        call = f"{name}.compile(optimizer={name}_optimizer(), {losses(side.experiment, side.style)})"
        compiled += f"    {call}{note}\n"
        of_side = targets(architecture, side.style)
        fitted += f"        {name}_losses = one_epoch({name}, {of_side}, order, {name.upper()}_BATCH)\n"
    return f"""{_SHARED}{start}

def trained(seed, nudge=False):
    \"\"\"Train both on the same sequences. Yield the losses of both (`one_epoch`) after each epoch.\"\"\"
    left, right = build_left(seed), build_right(seed)
{transfer}    if nudge:
        nudged(left)
        nudged(right)
{watch[0]}{compiled}    batches = np.random.default_rng(seed)
    for epoch in range(1, EPOCHS + 1):
        order = batches.permutation(TRAIN)
{fitted}{watch[1]}        yield left_losses, right_losses
"""


#: Trains each seed, prints the losses of each epoch, and then the figures of the page's sentences: the ratio of the
#: totals (`backend.training.finding.lower_total`), and the answer (`backend.training.finding.answer`), in the median
#: over the seeds that ended.
_LOOP = """
curves = []  # seed, epoch, total losses of left and right, and their validation losses
runs = []  # the losses of each seed that ended with finite losses: (epoch, side, loss)
for seed in SEEDS:
    print(f"seed {seed}: total loss of left ({LEFT}) and right ({RIGHT}), their ratio, then the validation losses")
    rows = []
    for epoch, losses in enumerate(trained(seed), 1):
        (l, vl, *_), (r, vr, *_) = losses
        ratio = r / l if l else float("nan")  # a total is 0 where all its loss weights are 0
        print(f"epoch {epoch}: {l:.9g} {r:.9g} {ratio:.6f} {vl:.9g} {vr:.9g}")
        rows.append(losses)
        curves.append((seed, epoch, l, r, vl, vr))
    if np.isfinite(l + r):
        runs.append(rows)
    if ROUND_OFF:
        change = np.abs(np.array(list(trained(seed, nudge=True))) - rows) / np.maximum(np.abs(rows), 1e-30)
        most = 100 * np.nanmax(change)
        print(f"round-off: from weights changed in their last digit, the losses differ by up to {most:.3g}%")
runs = np.array(runs)

if len(runs):
    what, column = ("validation", 1) if VALIDATE else ("training", 0)
    left, right = runs[:, -1, 0, column], runs[:, -1, 1, column]
    if left.all():
        ratios = right / left
        print(
            f"at the end, total {what} loss, {RIGHT} ÷ {LEFT}: median {np.median(ratios):.6f}, from "
            f"{ratios.min():.6f} to {ratios.max():.6f}; {RIGHT} is lower with {(ratios < 1).sum()} of "
            f"{len(ratios)} seeds"
        )
    if VALIDATE:
        median = f"; median of {len(runs)} seeds" if len(runs) > 1 else ""
        print(f"validation loss of each task after epoch {EPOCHS}, before weighting{median}")
        for i, (name, *_) in enumerate(COLUMNS):
            losses = runs[:, :, :, 2 + i] + np.finfo("float32").tiny  # (seed, epoch, side)
            left, right = np.median(losses[:, -1], axis=0)
            logs = np.log(losses[:, :, 1] / losses[:, :, 0])
            ratio = np.median(np.exp(logs.mean(axis=1)))  # the geometric mean over the epochs
            lower, other, times = (RIGHT, LEFT, ratio) if ratio < 1 else (LEFT, RIGHT, 1 / ratio)
            print(f"{name}\\n  {LEFT}: {left:.6g}\\n  {RIGHT}: {right:.6g}")
            print(f"  {lower} ÷ {other}, on average over the epochs: {times:.6g}")
            print(f"  largest difference in any epoch: {-100 * np.expm1(-np.abs(logs).max()):.3g}%")
    else:
        print("Without validation sequences, the page compares the training losses of each task, not printed here.")
"""


_SHARED = '''
def pick(targets, rows):
    """The same rows of every target, in the form that the model takes."""
    if isinstance(targets, dict):
        return {name: target[rows] for name, target in targets.items()}
    if isinstance(targets, list):
        return [target[rows] for target in targets]
    return targets[rows]


def one_epoch(model, targets, order, batch):
    """Fit one epoch in this order. Return the training loss, the validation loss (nan without validation), and the
    validation loss of each head."""
    held_out = slice(TRAIN, TRAIN + VALIDATE)
    history = model.fit(
        x[order],
        pick(targets, order),
        batch_size=batch,
        epochs=1,
        shuffle=False,
        verbose=0,
        validation_data=(x[held_out], pick(targets, held_out)) if VALIDATE else None,
    ).history
    heads = head_losses(model, held_out) if VALIDATE else []
    return history["loss"][0], history.get("val_loss", [float("nan")])[0], *heads


def head_losses(model, rows):
    """The loss of each head on these sequences, before its weight."""
    outputs = model.predict_on_batch(x[rows])
    if isinstance(outputs, dict):
        outputs = [outputs[name] for name, *_ in COLUMNS]
    if isinstance(outputs, list):
        outputs = np.concatenate(outputs, axis=1)
    return [
        float(np.mean(keras.losses.get(loss)(y[name][rows], outputs[:, start:stop])))
        for name, loss, start, stop in COLUMNS
    ]


def nudged(model):
    """Move each weight to the float32 number above or below it: a change of the size of round-off."""
    rng = np.random.default_rng(0)
    model.set_weights([np.nextafter(w, w + rng.choice([-1, 1], w.shape), dtype=w.dtype) for w in model.get_weights()])
'''


def transfer_function(architecture: Architecture, left: Style, right: Style, names: tuple[str, str] = SIDES) -> str:
    """A function `transfer_weights` that gives the second of two models the weights of the first one."""
    one, other = names
    lines = transfer_source(architecture, left, right, names)
    body = "\n".join([f'"""Give the {other} model the weights of the {one} one."""', *lines])
    return f"def transfer_weights({one}, {other}):\n{textwrap.indent(body, '    ')}\n"
