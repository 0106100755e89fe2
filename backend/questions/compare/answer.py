"""The answer to "Is it the same network?" for an experiment: what is equal, and what differs, each with its place.

The speed comes from the recorded sweep, and everything else from arithmetic. Which style to choose is the advice of
claim 12. Claim 6 measures what an optimizer does with a factor of the loss.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.optimizers import OPTIMIZERS
from backend.experiment.styles import STYLES, Style, why_not_fused
from backend.network.neurons import head_edges
from backend.network.parameters import parameters
from backend.questions.claims.advisor import advise
from backend.questions.speed import findings
from backend.training.loss_ratio import comparable, larger_total

Verdict = Literal["same", "twice", "impossible"]
#: Where a part of the answer is shown: a view of Compare, its diagram, or another page (with the claim to look at).
Place = Literal["parameters", "code", "diagram", "shapes", "initial_weights", "train", "speed", "optimizers", "advisor"]


@dataclass(frozen=True)
class Part:
    """A part of the answer in a few words, the place that shows it if there is one, and whether it stands out."""

    words: str
    place: Place | None = None
    strong: bool = False


@dataclass(frozen=True)
class Answer:
    """The answer in a few words, its parts, and a sentence on a style that cannot express the architecture (or "").

    `equal` is what both styles have in common, and `different` what differs between them. `effect` says what a larger
    total loss does to training, and `choice` which style to choose: sentences in parts.
    """

    verdict: Verdict
    lead: str
    equal: tuple[Part, ...]
    different: tuple[Part, ...]
    note: str = ""
    effect: tuple[Part, ...] = ()
    choice: tuple[Part, ...] = ()


def answer(experiment: Experiment) -> Answer:
    """Compare the two styles that the visitor chose, and say which to choose."""
    experiment = experiment.of_styles()
    left, right = experiment.styles()
    note, equal = " ".join(experiment.unsupported_styles()), _equal(experiment.architecture, left)
    verdict: Verdict
    if note:
        # A list of layers could hold those of one head. The note says that Two Heads does not write them so.
        several = len(experiment.architecture.heads) > 1
        one, other = "No: these heads need layers of their own", "Not in Two Heads: this head has layers of its own"
        verdict, lead = "impossible", one if several else other
    elif left.key == right.key:
        verdict, lead = "twice", "Yes, because both sides have the same style"
    else:
        verdict, lead = "same", "Yes, the same network"
    different = tuple(_differences(experiment))
    return Answer(verdict, lead, equal, different, note, effect(experiment), choice(experiment))


def _equal(architecture: Architecture, style: Style) -> tuple[Part, Part]:
    """What all styles have in common: their parameters, and their connections into the heads."""
    into_heads = head_edges(architecture, style)
    count = f"{into_heads:,} connections" if into_heads > 1 else "connection"
    heads = "heads" if len(architecture.heads) > 1 else "head"
    return (
        Part(f"{parameters(architecture, style):,} parameters", "parameters"),
        Part(f"same {count} into the {heads}", "diagram"),
    )


def _differences(experiment: Experiment) -> Iterator[Part]:
    """What differs between two styles of one network; nothing between equal styles."""
    left, right = experiment.styles()
    architecture = experiment.architecture
    if left.key == right.key:
        return
    if _output_form(architecture, left) != _output_form(architecture, right):
        several = len(architecture.heads) > 1 and left.one_output(architecture) != right.one_output(architecture)
        yield Part(
            "the shape of the outputs" if several else "the form of the outputs", "shapes" if several else "code"
        )
    yield from _loss(experiment)
    if (left.outputs == "fused") != (right.outputs == "fused") and len(architecture.heads) > 1:
        yield Part("the range of the initial weights", "initial_weights")
        yield from _speed(experiment)
    if _output_form(architecture, left) == _output_form(architecture, right):
        yield Part("the way it is written", "code")


def _loss(experiment: Experiment) -> Iterator[Part]:
    """How the total losses differ, if they do."""
    left, right = experiment.styles()
    methods = [experiment.method_of(style) for style in (left, right)]
    if not all(methods) and (method := methods[0] or methods[1]):
        with_method, without = (left, right) if methods[0] else (right, left)
        ways = f"{method.title} in {with_method.title}, the mean over all units in {without.title}"
        yield Part(f"how a step combines the heads ({ways})", "train")
    if comparable(experiment):
        return
    if larger := larger_total(experiment):
        yield Part("the scale of the loss ({}'s is ×{})".format(*larger), "train")
    else:
        yield Part("how much each head's loss counts in the total", "train")


def _output_form(architecture: Architecture, style: Style) -> str:
    """One array, or a list or dict of arrays. A list of one output is one array."""
    return "array" if style.one_output(architecture) else style.outputs


def _speed(experiment: Experiment) -> Iterator[Part]:
    """The difference that the recorded sweep found with as many heads, or with the nearest smaller number."""
    if {style.key for style in experiment.styles()} != {"sequential", "functional"}:
        return
    if found := findings.recorded_difference(len(experiment.architecture.heads)):
        k, step = found
        yield Part(f"the time of a step (Functional's was ×{step.median:.2f} with {findings.heads(k)})", "speed")


def effect(experiment: Experiment) -> tuple[Part, ...]:
    """What the larger total loss does to the steps of its side.

    Nothing if no total is larger for equal predictions, or if a method decides the steps in place of the total.
    """
    found = larger_total(experiment)
    if found is None or experiment.method():
        return ()
    larger, times = found
    mine = OPTIMIZERS[experiment.training.optimizer]
    other = OPTIMIZERS["adam" if mine.floor is None else "sgd"]  # a usual one that does the opposite with a factor
    return (
        Part(f"For equal predictions, {larger}'s total loss is {times} times as large: with "),
        Part(f"{mine.title}, {mine.in_short(larger, times)}", "optimizers"),
        Part(f". With {other.title}, {other.in_short(larger, times)}."),
    )


def choice(experiment: Experiment) -> tuple[Part, ...]:
    """Which style suits this architecture, and why: the advice of claim 12."""
    architecture, advice = experiment.architecture, advise(experiment, ())
    style, (reason, _) = STYLES[advice.style_key].title, advice.reasons[0]
    if len(architecture.heads) == 1 or why_not_fused(architecture):
        return Part(f"Choose {style}", strong=True), Part(f". {reason}")
    return (
        Part("Choose a layer for each head", strong=True), Part(" (Functional) if a head needs "),
        Part("its own loss, loss weight, sample weights, metric or frozen weights", "advisor"),
        Part(", or if a method such as PCGrad should combine the heads. Otherwise "),
        Part(f"choose {style}", strong=True), Part(f". {reason}"),
    )  # fmt: skip
