"""The answer to "Is it the same network?" for an experiment: what is equal, and what differs, each with its place.

The speed comes from the recorded sweep, and everything else from arithmetic. Which style to choose is the advice of
claim 12 (`backend.questions.claims.advice`). Claim 6 measures what an optimizer does with a factor of the loss.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.optimizers import OPTIMIZERS, Entry
from backend.experiment.styles import Style, why_not_fused
from backend.network.neurons import edges, head_edges
from backend.network.parameters import parameters
from backend.questions.speed import findings
from backend.training.loss_ratio import comparable, larger_total

Verdict = Literal["same", "twice", "different", "impossible"]
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

    `equal` is what both styles have in common. `different` is what differs between them: first the networks, if they
    are different. `effect` says what a larger total loss does to training, and `choice` which style to choose:
    sentences in parts.
    """

    verdict: Verdict
    lead: str
    equal: tuple[Part, ...]
    different: tuple[Part, ...]
    note: str = ""
    effect: tuple[Part, ...] = ()
    choice: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Network:
    """A style's network in numbers: heads, blocks of edges (key → edges), edges into the heads, parameters."""

    heads: int
    blocks: dict[str, int]
    into_heads: int
    parameters: int


def network(architecture: Architecture, style: Style) -> Network:
    """The network that a style builds."""
    blocks = {block.key: block.count for block in edges(architecture, style)}
    return Network(len(architecture.heads), blocks, head_edges(architecture, style), parameters(architecture, style))


def answer(experiment: Experiment) -> Answer:
    """Compare the two styles that the visitor chose, and say which to choose."""
    experiment = experiment.of_styles()
    return replace(_answer(experiment), effect=effect(experiment), choice=choice(experiment))


def _answer(experiment: Experiment) -> Answer:
    left, right = experiment.styles()
    architecture = experiment.architecture
    equal, unequal = compare(network(architecture, left), network(architecture, right))
    note = " ".join(experiment.unsupported_styles())
    if note:
        several = len(architecture.heads) > 1
        # A list of layers could hold those of one head. The note says that Two Heads does not write them so.
        lead = (
            "No: these heads need layers of their own"
            if several
            else "Not in Two Heads: this head has layers of its own"
        )
        return Answer("impossible", lead, equal, tuple(_differences(experiment)), note)
    if unequal:
        return Answer("different", "No, not the same network", equal, (*unequal, *_differences(experiment)))
    if left.key == right.key:
        return Answer("twice", "Yes, because both sides have the same style", equal, ())
    return Answer("same", "Yes, the same network", equal, tuple(_differences(experiment)))


def compare(left: Network, right: Network) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """What two networks have in common, and what they do not: their parameters, and their connections."""
    equal, unequal = [], []
    if left.parameters == right.parameters:
        equal.append(Part(f"{left.parameters:,} parameters", "parameters"))
    else:
        unequal.append(Part(f"{left.parameters:,} against {right.parameters:,} parameters", "parameters"))
    if left.blocks == right.blocks:
        count = f"{left.into_heads:,} connections" if left.into_heads > 1 else "connection"
        words = f"same {count} into the {'heads' if left.heads > 1 else 'head'}"
        equal.append(Part(words, "diagram"))
    else:
        words = f"{left.into_heads:,} against {right.into_heads:,} connections into the heads"
        unequal.append(Part(words, "diagram"))
    return tuple(equal), tuple(unequal)


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
    return (
        Part(f"For equal predictions, {larger}'s total loss is {times} times as large: with "),
        Part(f"{mine.title}, {mine.in_short(larger, times)}", "optimizers"),
        Part(f". With {(other := _contrast(mine)).title}, {other.in_short(larger, times)}."),
    )


def _contrast(mine: Entry) -> Entry:
    """A usual optimizer that does the opposite with a factor of the loss."""
    return OPTIMIZERS["adam" if mine.floor is None else "sgd"]


def choice(experiment: Experiment) -> tuple[Part, ...]:
    """Which style suits this architecture, with its reasons, each with the place that shows it."""
    architecture = experiment.architecture
    heads = len(architecture.heads)
    if heads == 1 and architecture.heads[0].hidden:
        return (
            Part("Choose Functional", strong=True), Part(": Two Heads writes "),
            Part("the hidden layers of a head", "advisor"), Part(" only in styles such as this one. "),
            Part("In your own code, a plain list can hold them, too."),
        )  # fmt: skip
    if why_not_fused(architecture):
        return (
            Part("Choose Functional", strong=True), Part(": "), Part("these heads need layers of their own", "advisor"),
            Part("."),
        )  # fmt: skip
    if heads == 1:
        return (
            Part("Choose Sequential", strong=True), Part(": all styles have one output layer, so "),
            Part("a plain list of layers", "code"), Part(" is enough."),
        )  # fmt: skip
    return (
        Part("Choose a layer for each head", strong=True), Part(" (Functional) if a head needs "),
        Part("its own loss, loss weight, sample weights, metric or frozen weights", "advisor"),
        Part(", or if a method such as PCGrad should combine the heads. Otherwise "),
        Part(f"choose one Dense({architecture.output_units})", strong=True),
        Part(" (Sequential): it is "), Part(f"one layer in place of {heads}", "code"), Part("."), *_time(heads),
    )  # fmt: skip


def _time(heads: int) -> tuple[Part, ...]:
    """How long a step takes with a layer for each head, if the recorded sweep found a difference."""
    found = findings.recorded_difference(heads)
    if found is None:
        return ()
    k, step = found
    return (
        Part(f" With {findings.heads(k)}, "), Part("a train step with a layer for each head", "speed"),
        Part(f" took {step.median:.2f} times as long in our measurement."),
    )  # fmt: skip
