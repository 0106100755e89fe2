"""Writes an experiment as a plain script, which needs only Keras and NumPy.

It contains validated numbers, enums and identifiers, never a label.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.dataset import script_source
from backend.experiment.styles import Style
from backend.experiment.styles.base import IMPORTS
from backend.experiment.styles.transfer import transfer_source
from backend.training.export.link import link_sentence
from backend.training.export.method import IMPORTS as METHOD_IMPORTS
from backend.training.export.method import method_source, section_title
from backend.training.export.source import losses, targets
from backend.training.result import SIDES
from two_heads.weightings import Scalarizer, Weighting

#: When script and notebook print the losses that the page shows.
ROUND_OFF = """\
It prints the losses that the page shows, up to round-off, which training can
amplify. So it trains each seed again from weights changed in their last digit,
and prints how far the losses then differ. The page's may differ by as much."""


@dataclass(frozen=True)
class Section:
    """A section of the script, which is a cell of the notebook."""

    title: str
    code: str


def script(experiment: Experiment, page_url: str | None = None) -> str:
    """A Python script that trains both styles with `model.fit` and prints each epoch's losses, as on the page.

    It also prints how far round-off moves them (`ROUND_OFF`).

    `page_url` is the address of the page, for a link back to the experiment.
    """
    words = [summary(experiment), ROUND_OFF, link_sentence(experiment, page_url), "Needs keras, tensorflow and numpy."]
    parts = ['"""' + "\n\n".join(words) + '\n"""\n\nfrom __future__ import annotations\n']
    parts += [f"# {section.title}\n\n{section.code.strip()}\n" for section in sections(experiment)]
    return "\n\n".join(parts)


def sections(experiment: Experiment, keep_curves: bool = False) -> list[Section]:
    """The steps of the experiment as plain Keras and NumPy.

    With `keep_curves`, the last one keeps in `curves` what it prints: (seed, epoch, left total, right total, left and
    right validation) a row.
    """
    left, right = experiment.styles()
    method = experiment.method() if any(map(experiment.method_of, (left, right))) else None
    imports = f"import numpy as np\n{IMPORTS}" + (f"\n{METHOD_IMPORTS}" if method else "")
    return [
        Section("Imports", imports),
        Section("The sequences and their targets", script_source(experiment.architecture, experiment.sequences)),
        Section(f"Left: {left.title}", builder("build_left", left, experiment.architecture)),
        Section(f"Right: {right.title}", builder("build_right", right, experiment.architecture)),
        *([Section(section_title(method), method_source(experiment, method))] if method else []),
        Section("Settings", _settings(experiment)),
        Section("Train both on the same batches", f"{trained_source(experiment)}\n{_loop(experiment, keep_curves)}"),
    ]


def summary(experiment: Experiment) -> str:
    """What the experiment compares, in a sentence or two."""
    left, right = experiment.styles()
    return f"Compare {left.title} with {right.title} on the same synthetic sequences. An experiment from Two Heads."


def builder(name: str, style: Style, architecture: Architecture) -> str:
    """A function of that name that returns a fresh model of the style; its argument `seed` decides the weights."""
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
        f"TRAIN, VALIDATE = {train}, {validate}  # {parts}\n"
        "ROUND_OFF = True  # train each seed again from weights changed in their last digit, to see what that changes\n"
        "\n\n"
        f"def optimizer():\n    return {training.optimizer_source}\n"
    )


def trained_source(experiment: Experiment, watched: bool = False) -> str:
    """A function `trained(seed)` that trains both models and yields the losses after each epoch.

    If it is `watched`, it calls `watch(epoch, model)` with the right model before the first epoch and after each.
    """
    left, right = experiment.styles()
    architecture = experiment.architecture
    start = f"\n\n{transfer_function(architecture, left, right)}" if experiment.training.same_start else ""
    transfer = "    transfer_weights(left, right)\n" if experiment.training.same_start else ""
    watch = ("    plain = right\n    watch(0, plain)\n", "        watch(epoch, plain)\n") if watched else ("", "")
    count = "epoch in range(1, EPOCHS + 1)" if watched else "_ in range(EPOCHS)"
    combined = "".join(
        f"    {side} = Combined({side}, seed)\n"
        for side, style in zip(SIDES, (left, right), strict=True)
        if experiment.method_of(style)
    )
    compiled = "".join(
        f"    {side}.compile(optimizer=optimizer(), {losses(experiment, style)})"
        + ("  # for the validation; Combined has a step of its own\n" if experiment.method_of(style) else "\n")
        for side, style in zip(SIDES, (left, right), strict=True)
    )
    fitted = "".join(
        f"        {side}_losses = one_epoch({side}, {targets(architecture, style)}, order)\n"
        + (f"        {side}.end_epoch()\n" if _ends_epochs(experiment.method_of(style)) else "")
        for side, style in zip(SIDES, (left, right), strict=True)
    )
    return f"""{_SHARED}{start}

def trained(seed, nudge=False):
    \"\"\"Train both on the same batches. Yield both total losses and both validation losses after each epoch.\"\"\"
    left, right = build_left(seed), build_right(seed)
{transfer}    if nudge:
        nudged(left)
        nudged(right)
{watch[0]}{combined}{compiled}    batches = np.random.default_rng(seed)
    for {count}:
        order = batches.permutation(TRAIN)
{fitted}{watch[1]}        (l, vl), (r, vr) = left_losses, right_losses
        yield l, r, vl, vr
"""


def _loop(experiment: Experiment, keep_curves: bool) -> str:
    start = "\ncurves = []" if keep_curves else ""
    kept = "        curves.append((seed, epoch, l, r, vl, vr))\n" if keep_curves else ""
    held_out = experiment.training.split(experiment.sequences.samples)[1]
    validation = "then the validation losses" if held_out else "then nan twice (no validation sequences)"
    return f"""{start}
for seed in SEEDS:
    print(f"seed {{seed}}: total loss of left and right, their ratio, {validation}")
    rows = []
    for epoch, (l, r, vl, vr) in enumerate(trained(seed), 1):
        ratio = r / l if l else float("nan")  # a total is 0 where all its loss weights are 0
        print(f"epoch {{epoch}}: {{l:.9g}} {{r:.9g}} {{ratio:.6f}} {{vl:.9g}} {{vr:.9g}}")
        rows.append((l, r, vl, vr))
{kept}    if ROUND_OFF:
        change = np.abs(np.array(list(trained(seed, nudge=True))) - rows) / np.maximum(np.abs(rows), 1e-30)
        most = 100 * np.nanmax(change)
        print(f"round-off: from weights changed in their last digit, the losses differ by up to {{most:.3g}}%")
"""


def _ends_epochs(method: Weighting | None) -> bool:
    return isinstance(method, Scalarizer) and method.after_epoch is not None


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
