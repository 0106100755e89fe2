"""The answer to "The same network?" for an experiment: a sentence each on the network, on training and on the choice.

The speed comes from the recorded sweep, and everything else from arithmetic. Which style to choose is the advice of
claim 12. Claim 6 measures what an optimizer does with a factor of the loss.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.optimizers import OPTIMIZERS, Entry
from backend.experiment.styles import STYLES, Style, why_not_fused
from backend.network.neurons import head_edges
from backend.network.parameters import parameters
from backend.questions.claims.advisor import advise
from backend.questions.speed import findings
from backend.training.loss_ratio import comparable, larger_total, zero_weights_sentence
from backend.words import counted, listed

Verdict = Literal["same", "twice", "impossible"]


@dataclass(frozen=True)
class Answer:
    """The answer in sentences. Those that do not apply are empty.

    `lead` is the answer itself, and `note` says what is shown in place of a style that cannot express the architecture.
    `training` says what differs in training, and `choice` which style to choose. `why` are reasons and exceptions.
    """

    verdict: Verdict
    lead: str
    note: str
    training: str
    choice: str
    why: tuple[str, ...]


def answer(experiment: Experiment) -> Answer:
    """Compare the two styles that the visitor chose, and say which to choose."""
    experiment = experiment.of_styles()
    left, right = experiment.styles()
    architecture, note = experiment.architecture, " ".join(experiment.unsupported_styles())
    count = f"{parameters(architecture, left):,} parameters"
    verdict: Verdict
    if note:
        # A list of layers could hold those of one head. The note says that Two Heads does not write them so.
        several = len(architecture.heads) > 1
        verdict = "impossible"
        lead = "No: these heads need layers of their own." if several else "Not here: this head has layers of its own."
    elif left.key == right.key:
        verdict, lead = "twice", f"Yes: both sides have the same style, with {count}."
    else:
        verdict, lead = "same", f"Yes, the same network: both sides have {count}."
    return Answer(verdict, lead, note, training(experiment), choice(experiment), tuple(_why(experiment)))


def training(experiment: Experiment) -> str:
    """What differs between the styles in training, in a sentence; empty between equal styles."""
    left, right = experiment.styles()
    if left.key == right.key:
        return ""
    if idle := zero_weights_sentence(experiment):
        return idle
    methods = [experiment.method_of(style) for style in (left, right)]
    if not all(methods) and (method := methods[0] or methods[1]):
        with_method, without = (left, right) if methods[0] else (right, left)
        return (
            f"{method.title} combines the heads of {with_method.title}, while {without.title} minimizes "
            "the mean over all units."
        )
    if comparable(experiment):
        return "For equal predictions, both sides have the same total loss."
    found = larger_total(experiment)
    if found is None:
        return "The total losses of the two sides weight the heads differently."
    larger, times = found
    mine, other = OPTIMIZERS[experiment.training.optimizer], _other(experiment)
    return (
        f"For equal predictions, {larger}'s total loss is {times} times as large: {mine.with_a_factor(times)}, but "
        f"{other.with_a_factor(times)}."
    )


def choice(experiment: Experiment) -> str:
    """Which style suits this architecture, in a sentence: the advice of claim 12."""
    architecture, style = experiment.architecture, STYLES[advise(experiment, ()).style_key].title
    if len(architecture.heads) == 1:
        only = "the only head has layers of its own" if why_not_fused(architecture) else "there is only one head"
        return f"Choose {style}, because {only}."
    if why_not_fused(architecture):
        return f"Choose {style}, because these heads need layers of their own."
    needs = "its own loss, loss weight, metric or frozen layer"
    return f"Choose {style}, unless a head needs {needs}: then choose Functional."


def _why(experiment: Experiment) -> Iterator[str]:
    """The reasons and exceptions, in sentences."""
    left, _ = experiment.styles()
    architecture = experiment.architecture
    edges, heads = counted(head_edges(architecture, left), "edge"), "heads" if len(architecture.heads) > 1 else "head"
    yield f"Both sides have the same neurons, and the same {edges} into the {heads}."
    if differences := list(_differences(experiment)):
        yield f"These differ: {listed(differences)}."
    if effect := _effect(experiment):
        yield effect
    advice = advise(experiment, ())
    reason, _ = advice.reasons[0]
    yield f"{STYLES[advice.style_key].title}: {reason[0].lower()}{reason[1:]}"
    if len(architecture.heads) > 1:
        yield "A method such as PCGrad can combine the heads only if each has a layer of its own, as in Functional."


def _differences(experiment: Experiment) -> Iterator[str]:
    """What differs between two styles of one network besides their losses; nothing between equal styles."""
    left, right = experiment.styles()
    architecture = experiment.architecture
    if left.key == right.key:
        return
    several = len(architecture.heads) > 1
    if _output_form(architecture, left) == _output_form(architecture, right):
        yield "the way it is written"
    elif several and left.one_output(architecture) != right.one_output(architecture):
        yield "the shape of the outputs"
    else:
        yield "the form of the outputs"
    if several and (left.outputs == "fused") != (right.outputs == "fused"):
        yield "the range of the initial weights"
        if {left.key, right.key} == {"sequential", "functional"}:
            yield from _speed(len(architecture.heads))


def _output_form(architecture: Architecture, style: Style) -> str:
    """One array, or a list or dict of arrays. A list of one output is one array."""
    return "array" if style.one_output(architecture) else style.outputs


def _speed(heads: int) -> Iterator[str]:
    """The difference that the recorded sweep found with as many heads, or with the nearest smaller number."""
    if found := findings.recorded_difference(heads):
        k, step = found
        yield f"the time of a step (Functional's was {step.median:.2f} times as long with {findings.heads(k)})"


def _effect(experiment: Experiment) -> str:
    """What the larger total loss does to the steps of its side, with the exceptions.

    Nothing if no total is larger for equal predictions, or if a method decides the steps in place of the total.
    """
    found = larger_total(experiment)
    if found is None or experiment.method():
        return ""
    mine, other = OPTIMIZERS[experiment.training.optimizer], _other(experiment)
    return (
        f"The larger total loss: with {mine.title}, {mine.in_short(*found)}. With {other.title}, "
        f"{other.in_short(*found)}."
    )


def _other(experiment: Experiment) -> Entry:
    """A usual optimizer that does the opposite of the visitor's with a factor of the loss."""
    return OPTIMIZERS["adam" if OPTIMIZERS[experiment.training.optimizer].floor is None else "sgd"]
