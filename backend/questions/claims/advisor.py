"""Claim 12: which style should I use? An advisor that reads the architecture and the visitor's needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.styles import STYLES, why_not_fused
from backend.questions.base import Measured
from backend.questions.claims.base import Claim, ClaimVerdict
from backend.questions.pictures import Table


@dataclass(frozen=True)
class Need:
    """What a visitor may need.

    `one` and `several` are the reasons in sentences for one head and for several; `fused` replaces `several` if the
    advised style has one output. `backing` is their evidence: the number of a claim, or a file of Keras's source.
    """

    title: str
    backing: int | str
    several: str
    one: str = ""
    fused: str = ""


#: By key. Only separate output layers meet the first ones, and one output layer for all tasks meets `_FUSED` better.
NEEDS: dict[str, Need] = {
    "losses": Need(
        "A loss and a loss weight for each task",
        "trainers/compile_utils.py",
        "Each output can have its own loss and loss weight. A fused output has one of each. If it is given a list "
        "of two losses, Keras uses the first without a warning.",
        "With one task there is one loss in every style.",
    ),
    "missing": Need(
        "Missing labels for some tasks",
        "losses/loss.py",
        "A list of sample weights, one array for each output, can exclude a label of a single task. A fused output "
        "does not accept a weight for each column. First replace each missing label by some number, because NaN × 0 is "
        "NaN.",
        "A sample weight of 0 excludes a sequence from the loss. First replace each missing label by some number, "
        "because NaN × 0 is NaN.",
    ),
    "metrics": Need(
        "Losses and metrics for each task",
        11,
        "`History` holds `<head>_loss` only if the model has several losses. A fused output logs one number. Note that "
        "the head losses need not add up to the total loss.",
        "With one task, its loss is the total loss.",
    ),
    "class_weights": Need(
        "Class weights",
        "trainers/data_adapters/array_data_adapter.py",
        "Keras refuses `class_weight` for several outputs. With a fused output it treats the columns as classes, "
        "without a warning. Compute a `sample_weight` from each head's labels and pass the list.",
        "`class_weight` works with one output if y is an array of 0s and 1s or of one-hot rows. Keras refuses it for a "
        "list or a dict that contains the array. Other columns are treated as classes, without a warning: compute a "
        "`sample_weight` from the labels instead.",
    ),
    "saving": Need(
        "Saving the model",
        "saving/serialization_lib.py",
        "The saved file holds every layer and loads without your code. A subclassed model needs its class to load: "
        "register the class with Keras, or save only the weights.",
    ),
    "speed": Need(
        "Speed",
        10,
        "A disadvantage: several output layers need more operations in each train step than one. Measure whether it "
        "matters.",
        "With one head there is one output kernel in every style, so no difference is expected.",
        "One kernel for all heads needs fewer operations in each train step than a kernel for each.",
    ),
    "freezing": Need(
        "Freezing one head",
        "layers/layer.py",
        "`trainable = False` freezes a whole layer. A fused kernel is one variable, so Keras cannot freeze single "
        "columns.",
        "`trainable = False` on the last layer freezes the only head.",
    ),
    "one_array": Need(
        "Predictions in one array",
        4,
        "A disadvantage: `predict` returns several arrays. `np.concatenate` joins them into one.",
        "`predict` returns the array of the one head; in Subclassing, a dict that holds it.",
        "`predict` returns one array with a column for each unit.",
    ),
    "own_python": Need(
        "A custom forward pass in Python",
        "models/model.py",
        "Only in a class do you write the `call` method, with loops, conditions and prints. The other styles define a "
        "fixed graph.",
    ),
}
_SEPARATE = frozenset({"losses", "missing", "metrics", "class_weights", "freezing"})
_FUSED = frozenset({"speed", "one_array"})


@dataclass(frozen=True)
class Advice:
    """The advised style, and reasons with their evidence: first the architecture, then the needs, as in `NEEDS`."""

    style_key: str
    reasons: tuple[tuple[str, int | str], ...]

    @property
    def sentence(self) -> str:
        """The style, and what it is."""
        return f"{STYLES[self.style_key].title}: {_FORMS[self.style_key]}."


_FORMS = {
    "sequential": "one stack of layers with one output",
    "functional": "a separate output layer for each task",
    "functional_fused": "layers called on tensors, with one output layer for all tasks",
    "subclassing": "a class whose forward pass is a method, with a separate output layer for each task",
}


def advise(experiment: Experiment, needs: Iterable[str]) -> Advice:
    """The style to use for this architecture, given `needs` (keys of `NEEDS`). Raises ValueError for another key."""
    wanted = frozenset(needs)
    if unknown := wanted - set(NEEDS):
        raise ValueError(f"there is no need {', '.join(sorted(unknown))}; the needs are {', '.join(NEEDS)}")
    architecture = experiment.architecture
    key = _style(architecture, wanted)
    own = [(_reason(NEEDS[need], architecture, key), NEEDS[need].backing) for need in NEEDS if need in wanted]
    return Advice(key, (_layout_reason(architecture, key), *own))


def _reason(need: Need, architecture: Architecture, key: str) -> str:
    if len(architecture.heads) == 1:
        return need.one or need.several
    return need.fused if need.fused and STYLES[key].outputs == "fused" else need.several


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


def _layout_reason(architecture: Architecture, key: str) -> tuple[str, int | str]:
    """Why this style suits the architecture, apart from any needs, and the evidence."""
    reason = why_not_fused(architecture)
    if key == "subclassing":
        return "A class can express any architecture, and its outputs can have names.", 4
    if key == "functional" and reason:
        own = " In your own code, a plain list can hold a head's layers, too." if len(architecture.heads) == 1 else ""
        return f"Your architecture is written in it here, because {reason}.{own}", "models/sequential.py"
    if key == "functional":
        return (
            "The network computes the same function, but Keras adds up the losses of the heads. To get the loss of a "
            "fused output, give each head a loss weight equal to its share of the units."
        ), 5
    if len(architecture.heads) == 1:
        return "There is only one head, so a plain list of layers is enough.", 1
    if key == "sequential":
        return "It computes the same function as with one layer for each task, and it is a plain list of layers.", 3
    return (
        "It is equal to Sequential in every bit. If a task needs its own layers later, you can add them without "
        "rewriting the model."
    ), 7


class Needs(Measured):
    """What the visitor needs: keys of `NEEDS`."""

    chosen: tuple[str, ...] = ()


def judge(experiment: Experiment, evidence: Needs) -> ClaimVerdict:
    """Whether any single need changes the advice; the finding and the table are about the chosen needs."""
    advice = advise(experiment, evidence.chosen)
    rows = [
        {"reason": text, "evidence": f"claim {backing}" if isinstance(backing, int) else f"Keras 3.15, `{backing}`"}
        for text, backing in advice.reasons
    ]
    finding = f"{'For your needs' if evidence.chosen else 'Without a special need'}, take {advice.sentence}"
    style = STYLES[advice.style_key]
    source = style.write(experiment.architecture) + _SUMMARY
    return ClaimVerdict(_DEPENDS, finding, _WHY, rows, code=source, kind="false")


def picture(experiment: Experiment, evidence: Needs) -> Table:
    """What each style suits best."""
    uses = _needs_by_style(experiment)
    return Table([{"style": STYLES[key].title, "best for": "; ".join(needs)} for key, needs in uses.items()])


def _needs_by_style(experiment: Experiment) -> dict[str, list[str]]:
    """Style key → what it suits best: no special need, or single needs."""
    uses = {advise(experiment, ()).style_key: ["no special need"]}
    for key, need in NEEDS.items():
        uses.setdefault(advise(experiment, [key]).style_key, []).append(need.title[0].lower() + need.title[1:])
    return uses


_DEPENDS = "none: it depends on the need"
_WHY = "The advice is our judgement. Its reasons follow, each with the claim or the file of Keras that it is about."
_SUMMARY = "model.summary()\n"


def code(experiment: Experiment) -> str:
    """The source of the style that is advised without a special need, and Keras's summary of the model."""
    return STYLES[advise(experiment, ()).style_key].write(experiment.architecture) + _SUMMARY


CLAIM = Claim(
    key="advisor",
    number=12,
    title="Is one style best for every need?",
    source="the question",
    statement="One of the two styles must be preferable here. (The first answer replies that it depends on the use.)",
    question="Which style suits this network best, whatever you need?",
    options=(*(style.title for style in STYLES.values()), _DEPENDS),
    replies=(*(f"yes, {style.title}" for style in STYLES.values()), "no, it depends on the need"),
    test=judge,
    draw=picture,
    code=code,
    evidence=Needs,
    choices={key: need.title for key, need in NEEDS.items()},
)
