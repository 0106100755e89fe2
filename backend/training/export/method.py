"""A method that combines head losses, as plain Keras: its functions, and the library's classes, which train with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from backend.experiment.architecture import Architecture
from backend.scripts.source import Function, source_of, source_of_file
from two_heads.weightings import Aggregator, Weighting
from two_heads.weightings.trunk import FUNCTIONS

IMPORTS = "import tensorflow as tf\nfrom keras import ops"


def methods_source(architecture: Architecture, methods: Mapping[str, Weighting]) -> str:
    """The functions of all `methods`, each once, and for each a function that makes a model which it trains.

    `methods` has the names of these functions. Their arguments are the model and a seed.
    """
    functions: dict[Function, None] = dict.fromkeys(
        [*(each for method in methods.values() for each in method.functions()), *FUNCTIONS]
    )
    heads = architecture.heads
    lists = f"HEADS = {_names(head.name for head in heads)}\nLOSSES = {_names(head.loss for head in heads)}"
    parts = [
        source_of(functions),
        source_of_file("head_losses.py", "gradients_of", package="two_heads"),
        source_of_file("method_step.py", "variables_of_layers", "MethodStep", "Combined", package="two_heads"),
        lists,
        _COMBINED,
        *(_maker(method, name) for name, method in methods.items()),
    ]
    return "\n\n\n".join(part.strip() for part in parts) + "\n"


def section_title(method: Weighting) -> str:
    """The title of the section on a method: its name and paper."""
    paper = f" ({method.paper.title}, {method.paper.year}, {method.paper.url})" if method.paper else ""
    return f"Combine the head losses by {method.title}{paper}"


_COMBINED = '''
def losses_of_heads(outputs, y):
    """The mean loss of each head on a batch."""
    if isinstance(outputs, dict):
        outputs, y = [outputs[name] for name in HEADS], [y[name] for name in HEADS]
    return [ops.mean(keras.losses.get(name)(*pair)) for name, *pair in zip(LOSSES, y, outputs)]


def combined(model, method, seed):
    """A model around `model`, which `method` trains."""
    shape = getattr(model, "input_shape", None) or model.get_build_config()["input_shape"]
    inputs = keras.Input(shape[1:])
    around = Combined(inputs, model(inputs))
    around.prepare(MethodStep(method, model, len(HEADS)), losses_of_heads)
    around.steps.reset(seed)
    return around
'''


def _maker(method: Weighting, name: str) -> str:
    """The function that makes a model which the method trains."""
    if isinstance(method, Aggregator):
        known: dict[str, object] = {"function": method.function.__name__, "takes_order": method.takes_order}
    else:
        own = {name: getattr(method, name) for name in _MOMENTS}
        known = {key: each.__name__ if each else None for key, each in own.items()} | {"needs": sorted(method.needs)}
    values = "".join(f"        {key} = {value}\n" for key, value in known.items())
    return f"""
def {name}(model, seed):
    class Method:
        \"\"\"{method.title}.\"\"\"

{values}
    return combined(model, Method, seed)
"""


#: The functions of a scalarizer that take part in a step.
_MOMENTS = ("initial", "weights", "before_step", "gradients", "after_step", "after_epoch")


def _names(names: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"
