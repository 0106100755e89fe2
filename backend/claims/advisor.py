"""Claim 12: which one should I use? An advisor that reads the layout and what the visitor needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from backend.claims.base import Claim, Evidence, Verdict
from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.styles import STYLES, why_not_fused

#: What may matter to a visitor: key → title.
NEEDS: dict[str, str] = {
    "losses": "A loss of its own for each task",
    "missing": "Labels missing for some tasks",
    "metrics": "Losses and metrics task by task",
    "class_weights": "Class weights",
    "saving": "Saving the model",
    "speed": "Speed",
    "freezing": "Freezing one head",
    "one_array": "One array to predict",
    "own_python": "A forward pass in Python of my own",
}

#: Needs that only an output layer for each task meets, and those that one for all meets better.
_SEPARATE = frozenset({"losses", "missing", "metrics", "class_weights", "freezing"})
_FUSED = frozenset({"speed", "one_array"})


@dataclass(frozen=True)
class Reason:
    """Why, or what to mind, in a sentence or two; backed by a claim's number or by Keras's own source."""

    text: str
    claim: int | None = None
    source: str = ""

    @property
    def backing(self) -> str:
        """Where it comes from, in words."""
        return f"claim {self.claim}" if self.claim else f"Keras 3.15, `{self.source}`"


@dataclass(frozen=True)
class Advice:
    """The style to take, in a sentence, and why: the layout first, then each need in the order of `NEEDS`."""

    style_key: str
    sentence: str
    reasons: tuple[Reason, ...]


def advise(experiment: Experiment, needs: Iterable[str]) -> Advice:
    """Which style to write this layout in, given `needs`, keys of `NEEDS`. Raises ValueError for another key."""
    wanted = frozenset(needs)
    if unknown := wanted - set(NEEDS):
        raise ValueError(f"there is no need {', '.join(sorted(unknown))}; the needs are {', '.join(NEEDS)}")
    architecture = experiment.architecture
    key = _style(architecture, wanted)
    reasons = [_layout(architecture, key), *(_REASONS[need](architecture, key) for need in NEEDS if need in wanted)]
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
    "functional": "an output layer for each task",
    "functional_fused": "layers called on tensors, with one output layer for all tasks",
    "subclassing": "a class whose forward pass is a method, with an output layer for each task",
}


def _layout(architecture: Architecture, key: str) -> Reason:
    """Why this style and not its neighbour, as far as the layout says."""
    reason = why_not_fused(architecture)
    if key == "subclassing":
        return Reason("Any layout can be written as a class, and its outputs can carry names.", claim=4)
    if key == "functional":
        if reason:
            return Reason(f"Your layout asks for it: {reason}.", source="models/sequential.py")
        return Reason(
            "The network is the same, but Keras adds the losses of the heads up. To compare with a fused output, weigh "
            "each head by its share of the outputs.",
            claim=5,
        )
    if len(architecture.heads) == 1:
        return Reason("There is one output, and a list of layers is the shortest way to write it.", claim=1)
    if key == "sequential":
        return Reason("It computes the same as a layer for each task and is the shortest to write.", claim=3)
    return Reason(
        "It is Sequential bit for bit, and a task that one day needs a layer of its own gets one without a rewrite.",
        claim=7,
    )


def _one(architecture: Architecture) -> bool:
    return len(architecture.heads) == 1


def _losses(architecture: Architecture, key: str) -> Reason:
    if _one(architecture):
        return Reason("One task has one loss in any style.", source="trainers/compile_utils.py")
    return Reason(
        "Each output takes a loss of its own. A fused output has one: given a list of two, Keras uses the first "
        "without a word.",
        source="trainers/compile_utils.py",
    )


def _missing(architecture: Architecture, key: str) -> Reason:
    if _one(architecture):
        how = "A sample weight of 0 leaves a sequence out"
    else:
        how = "A list of sample weights leaves out a label of one task alone; a fused output refuses a weight a column"
    return Reason(f"{how}. Write a number where the label is missing first: NaN × 0 is NaN.", source="losses/loss.py")


def _metrics(architecture: Architecture, key: str) -> Reason:
    if _one(architecture):
        return Reason("One task's loss is the total.", source="trainers/compile_utils.py")
    return Reason(
        "`History` holds `<head>_loss` only where there are several losses; a fused output logs one number. Mind that "
        "they need not add up to the total.",
        claim=11,
    )


def _class_weights(architecture: Architecture, key: str) -> Reason:
    source = "trainers/data_adapters/array_data_adapter.py"
    if _one(architecture):
        head = architecture.heads[0]
        if head.units > 1 and head.spec.kind != "multiclass":
            return Reason(
                "`class_weight` would take your columns for classes, without a word. Make a `sample_weight` of the "
                "labels and pass that.",
                source=source,
            )
        y = "0 and 1" if head.units == 1 else "one-hot"
        form = (
            f'For the dict `{{"{head.name}": y}}`, the form of its outputs, Keras refuses it; the array fits them too.'
            if STYLES[key].outputs == "dict"
            else "Keras refuses it for a list or a dict that holds the array."
        )
        return Reason(f"`class_weight` works with one output where y is an array of {y}. {form}", source=source)
    return Reason(
        "Keras refuses `class_weight` for several outputs, and on a fused one it takes the columns for classes, "
        "without a word. Make a `sample_weight` of each head's labels and pass the list.",
        source=source,
    )


def _saving(architecture: Architecture, key: str) -> Reason:
    if key == "subclassing":
        return Reason(
            "Against it: a class has no config of its layers and draws as one box. The file opens only where the class "
            "is known; register it with Keras, or save the weights alone.",
            source="saving/serialization_lib.py",
        )
    return Reason(
        "The file holds every layer and opens without your code; a subclass needs its class at hand.",
        source="saving/serialization_lib.py",
    )


def _speed(architecture: Architecture, key: str) -> Reason:
    k = len(architecture.heads)
    if _one(architecture):
        return Reason("With one head there is one kernel in every style: no difference to expect.", claim=10)
    if STYLES[key].outputs == "fused":
        return Reason(f"One kernel for {k} heads takes fewer operations a step than {k} kernels.", claim=10)
    return Reason(
        f"Against it: {k} output layers take more operations a step than one. Measure whether that matters here.",
        claim=10,
    )


def _freezing(architecture: Architecture, key: str) -> Reason:
    if _one(architecture):
        return Reason("`trainable = False` on the last layer freezes the one head.", source="layers/layer.py")
    return Reason(
        "`trainable = False` holds for a layer. A fused kernel is one variable, and cannot be frozen by the column.",
        source="layers/layer.py",
    )


def _one_array(architecture: Architecture, key: str) -> Reason:
    if STYLES[key].one_output(architecture):
        return Reason(f"`predict` returns one array, (n, {architecture.output_units}).", claim=4)
    form = "a dict" if STYLES[key].outputs == "dict" else "a list"
    return Reason(f"Against it: `predict` returns {form} of arrays; `np.concatenate` makes one of them.", claim=4)


def _own_python(architecture: Architecture, key: str) -> Reason:
    return Reason(
        "Only a class's `call` is yours: loops, conditions and print. The other styles hold a fixed graph of layers.",
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


def judge(experiment: Experiment, evidence: Evidence) -> Verdict:
    """The advice for the needs in `evidence["chosen"]`; without any, also which single need would change it."""
    chosen: list[str] = list(evidence.get("chosen", ()))
    advice = advise(experiment, chosen)
    rows = [{"because": reason.text, "from": reason.backing} for reason in advice.reasons]
    if chosen:
        return Verdict("true", advice.sentence, "", rows)
    changes: dict[str, list[str]] = {}
    for need, title in NEEDS.items():
        key = advise(experiment, [need]).style_key
        if key != advice.style_key:
            changes.setdefault(STYLES[key].title, []).append(title[0].lower() + title[1:])
    why = " ".join(f"*{style}* if you need: {'; '.join(titles)}." for style, titles in changes.items())
    return Verdict("true if", f"As long as nothing below matters to you, {advice.sentence}", why, rows)


def code(experiment: Experiment) -> str:
    """The advised style's source, and what Keras says of it."""
    return STYLES[advise(experiment, ()).style_key].write(experiment.architecture) + "model.summary()\n"


CLAIM = Claim(
    key="advisor",
    number=12,
    title="Which one should I use?",
    source="the question",
    statement="One of the two ways must be the one to prefer here. (The first answer: that depends on the use.)",
    question="Which would you write?",
    options=tuple(style.title for style in STYLES.values()),
    judge=judge,
    code=code,
    measured=False,
    choices=NEEDS,
)
