"""Advises a style for an architecture and a visitor's needs, with reasons. Claim 12 and pages show the advice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.styles import STYLES, why_not_fused

#: What a visitor may need: key → title.
NEEDS: dict[str, str] = {
    "losses": "A loss and a loss weight for each task",
    "missing": "Missing labels for some tasks",
    "metrics": "Losses and metrics for each task",
    "class_weights": "Class weights",
    "saving": "Saving the model",
    "speed": "Speed",
    "freezing": "Freezing one head",
    "one_array": "Predictions in one array",
    "own_python": "A custom forward pass in Python",
}

#: Needs that only separate output layers meet, and needs that one output layer for all tasks meets better.
_SEPARATE = frozenset({"losses", "missing", "metrics", "class_weights", "freezing"})
_FUSED = frozenset({"speed", "one_array"})


@dataclass(frozen=True)
class Reason:
    """A reason or a warning in a few sentences, with its evidence: a claim's number or a file of Keras's source."""

    text: str
    claim: int | None = None
    source: str = ""

    @property
    def backing(self) -> str:
        """The evidence, in words."""
        return f"claim {self.claim}" if self.claim else f"Keras 3.15, `{self.source}`"


@dataclass(frozen=True)
class Advice:
    """The advised style, a sentence, and reasons: first the architecture, then each need in the order of `NEEDS`."""

    style_key: str
    sentence: str
    reasons: tuple[Reason, ...]


def advise(experiment: Experiment, needs: Iterable[str]) -> Advice:
    """The style to use for this architecture, given `needs` (keys of `NEEDS`). Raises ValueError for another key."""
    wanted = frozenset(needs)
    if unknown := wanted - set(NEEDS):
        raise ValueError(f"there is no need {', '.join(sorted(unknown))}; the needs are {', '.join(NEEDS)}")
    architecture = experiment.architecture
    key = _style(architecture, wanted)
    reasons = [
        _layout_reason(architecture, key),
        *(_REASONS[need](architecture, key) for need in NEEDS if need in wanted),
    ]
    return Advice(key, f"{STYLES[key].title}: {_FORMS[key]}.", tuple(reasons))


def _style(architecture: Architecture, needs: frozenset[str]) -> str:
    if "own_python" in needs:
        return "subclassing"
    if STYLES["functional_fused"].unsupported_reason(architecture):
        return "functional"
    if len(architecture.heads) > 1 and needs & _SEPARATE:
        return "functional"
    if len(architecture.heads) > 1 and needs & _FUSED:
        return "functional_fused"
    return "sequential"


_FORMS = {
    "sequential": "one stack of layers with one output",
    "functional": "a separate output layer for each task",
    "functional_fused": "layers called on tensors, with one output layer for all tasks",
    "subclassing": "a class whose forward pass is a method, with a separate output layer for each task",
}


def _layout_reason(architecture: Architecture, key: str) -> Reason:
    """Why this style suits the architecture, apart from any needs."""
    reason = why_not_fused(architecture)
    if key == "subclassing":
        return Reason("A class can express any architecture, and its outputs can have names.", claim=4)
    if key == "functional":
        if reason and len(architecture.heads) == 1:
            return Reason(
                f"In your own code, a plain list can hold a head's layers, too. But {reason}.",
                source="models/sequential.py",
            )
        if reason:
            return Reason(f"Your architecture needs it, because {reason}.", source="models/sequential.py")
        return Reason(
            "The network computes the same function, but Keras adds up the losses of the heads. To get the loss of a "
            "fused output, give each head a loss weight equal to its share of the units.",
            claim=5,
        )
    if len(architecture.heads) == 1:
        return Reason("There is only one head, so a plain list of layers is enough.", claim=1)
    if key == "sequential":
        return Reason(
            "It computes the same function as a model with one layer for each task, and it is a plain list of layers.",
            claim=3,
        )
    return Reason(
        "It is equal to Sequential in every bit. If a task needs its own layers later, you can add them without "
        "rewriting the model.",
        claim=7,
    )


def _has_one_head(architecture: Architecture) -> bool:
    return len(architecture.heads) == 1


def _losses(architecture: Architecture, key: str) -> Reason:
    if _has_one_head(architecture):
        return Reason("With one task there is one loss in every style.", source="trainers/compile_utils.py")
    return Reason(
        "Each output can have its own loss and loss weight. A fused output has one of each. If it is given a list "
        "of two losses, Keras uses the first without a warning.",
        source="trainers/compile_utils.py",
    )


def _missing(architecture: Architecture, key: str) -> Reason:
    if _has_one_head(architecture):
        how = "A sample weight of 0 excludes a sequence from the loss."
    else:
        how = (
            "A list of sample weights, one array for each output, can exclude a label of a single task. A fused "
            "output does not accept a weight for each column."
        )
    fill = "First replace each missing label by some number, because NaN × 0 is NaN."
    return Reason(f"{how} {fill}", source="losses/loss.py")


def _metrics(architecture: Architecture, key: str) -> Reason:
    if _has_one_head(architecture):
        return Reason("With one task, its loss is the total loss.", source="trainers/compile_utils.py")
    return Reason(
        "`History` holds `<head>_loss` only if the model has several losses. A fused output logs one number. Note "
        "that the head losses need not add up to the total loss.",
        claim=11,
    )


def _class_weights(architecture: Architecture, key: str) -> Reason:
    source = "trainers/data_adapters/array_data_adapter.py"
    if _has_one_head(architecture):
        head = architecture.heads[0]
        if head.units > 1 and head.spec.kind != "multiclass":
            return Reason(
                "`class_weight` would treat your columns as classes, without a warning. Compute a `sample_weight` "
                "from the labels and pass that instead.",
                source=source,
            )
        y = "0s and 1s" if head.units == 1 else "one-hot rows"
        form = (
            f'Keras refuses it for the dict `{{"{head.name}": y}}`, although the outputs are such a dict. '
            "Pass the array, which works too."
            if STYLES[key].outputs == "dict"
            else "Keras refuses it for a list or a dict that contains the array."
        )
        return Reason(f"`class_weight` works with one output if y is an array of {y}. {form}", source=source)
    return Reason(
        "Keras refuses `class_weight` for several outputs. With a fused output it treats the columns as classes, "
        "without a warning. Compute a `sample_weight` from each head's labels and pass the list.",
        source=source,
    )


def _saving(architecture: Architecture, key: str) -> Reason:
    if key == "subclassing":
        return Reason(
            "A disadvantage: the saved file has no config of a class's layers, and the plot shows one box. The file "
            "loads only if the class is defined. Register the class with Keras, or save only the weights.",
            source="saving/serialization_lib.py",
        )
    return Reason(
        "The saved file holds every layer and loads without your code. A subclassed model needs its class to load.",
        source="saving/serialization_lib.py",
    )


def _speed(architecture: Architecture, key: str) -> Reason:
    k = len(architecture.heads)
    if _has_one_head(architecture):
        return Reason(
            "With one head there is one output kernel in every style, so no difference is expected.", claim=10
        )
    if STYLES[key].outputs == "fused":
        return Reason(f"One kernel for {k} heads needs fewer operations in each train step than {k} kernels.", claim=10)
    return Reason(
        f"A disadvantage: {k} output layers need more operations in each train step than one. Measure whether it "
        "matters.",
        claim=10,
    )


def _freezing(architecture: Architecture, key: str) -> Reason:
    if _has_one_head(architecture):
        return Reason("`trainable = False` on the last layer freezes the only head.", source="layers/layer.py")
    return Reason(
        "`trainable = False` freezes a whole layer. A fused kernel is one variable, so Keras cannot freeze single "
        "columns.",
        source="layers/layer.py",
    )


def _one_array(architecture: Architecture, key: str) -> Reason:
    if STYLES[key].one_output(architecture):
        return Reason(f"`predict` returns one array of shape (n, {architecture.output_units}).", claim=4)
    form = "a dict" if STYLES[key].outputs == "dict" else "a list"
    return Reason(f"A disadvantage: `predict` returns {form} of arrays. `np.concatenate` joins them into one.", claim=4)


def _own_python(architecture: Architecture, key: str) -> Reason:
    return Reason(
        "Only in a class do you write the `call` method, with loops, conditions and prints. The other styles define a "
        "fixed graph.",
        source="models/model.py",
    )


_REASONS: dict[str, Callable[[Architecture, str], Reason]] = {
    "losses": _losses,
    "missing": _missing,
    "metrics": _metrics,
    "class_weights": _class_weights,
    "saving": _saving,
    "speed": _speed,
    "freezing": _freezing,
    "one_array": _one_array,
    "own_python": _own_python,
}
