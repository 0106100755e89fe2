"""How a style is compiled and which targets it takes, as Keras source.

The exported script shows this text, and a worker executes it before it saves a trained model.
"""

from __future__ import annotations

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.styles import Style
from backend.words import listed


def compile_call(experiment: Experiment, style: Style) -> str:
    """The line that compiles `model`, of that style, with the experiment's optimizer and losses."""
    return f"model.compile(optimizer={experiment.training.optimizer_source}, {losses(experiment, style)})"


def compiled_words(experiment: Experiment) -> str:
    """How the files of both trained models are compiled, in a few sentences."""
    methods = listed(dict.fromkeys(side.method.title for side in experiment.sides() if side.method))
    if not methods:
        return "The models are compiled as they were trained, with an optimizer that has taken no step."
    return (
        f"A model that {methods} trained is compiled with the plain sum of the head losses, because Keras's file "
        "cannot contain such a method. The script trains with it. The optimizers have taken no step."
    )


def losses(experiment: Experiment, style: Style) -> str:
    """The loss arguments of `compile` in the form of `style`'s outputs."""
    heads = experiment.architecture.heads
    if style.one_output(experiment.architecture):
        return f'loss="{heads[0].loss}"'
    weights = experiment.training.loss_weights(experiment.architecture)
    weighted = experiment.training.combine != "sum"
    if style.outputs == "dict":
        by_name = ", ".join(f'"{head.name}": "{head.loss}"' for head in heads)
        shares = ", ".join(f'"{head.name}": {weight!r}' for head, weight in zip(heads, weights, strict=True))
        return f"loss={{{by_name}}}" + (f", loss_weights={{{shares}}}" if weighted else "")
    in_order = ", ".join(f'"{head.loss}"' for head in heads)
    return f"loss=[{in_order}]" + (f", loss_weights={list(weights)!r}" if weighted else "")


def targets(architecture: Architecture, style: Style) -> str:
    """The targets, which the script has as `y` by head, in the form that `style` outputs."""
    arrays = ", ".join(f'y["{head.name}"]' for head in architecture.heads)
    if style.outputs == "dict":
        return "y"
    if len(architecture.heads) == 1:
        return arrays
    return f"np.concatenate([{arrays}], axis=1)" if style.outputs == "fused" else f"[{arrays}]"
