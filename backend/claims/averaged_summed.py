"""Claim 5: the loss is averaged in one style and summed in the other."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from backend.claims.base import Chart, Claim, Evidence, Verdict, both, needs_fused, x_line
from backend.claims.recipes import at_rate, losses, targets, transfer_weights
from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.training import Training
from backend.words import short, shortened

#: How far a ratio in double precision may be from what arithmetic says.
TOLERANCE = 1e-6

#: Outputs that differ by no more than this share of the way they went are the same but for round-off.
MATCH = 1e-9

#: Heads whose factor is written out.
_SHOWN = 4


def judge(experiment: Experiment, evidence: Evidence) -> Verdict:
    """Hold the measured ratios against Σu/uᵢ, the factor by which a sum counts head i more than a mean over units."""
    architecture = experiment.architecture
    default, yours = evidence["default"], evidence["yours"]
    if not math.isfinite(default["loss"]):
        return Verdict("does not apply", "Nothing to compare: Sequential's loss is 0 or not a number.", "")
    factors = [architecture.output_units / head.units for head in architecture.heads]
    rows, chart = _table(experiment, evidence), _chart(default, yours)
    measured = f"Functional's loss is {default['loss']:.3f} times Sequential's"
    if _all(default, 1.0) or not min(factors) - TOLERANCE < default["loss"] < max(factors) + TOLERANCE:
        return Verdict("false", f"{measured}: not a sum beside a mean.", _why(experiment), rows, chart)
    if _differ(default, yours):
        weights = "the mean's weights uᵢ/Σu" if experiment.training.combine == "mean" else "your loss weights"
        finding = (
            f"True only if the losses have no weights. With {weights} Functional's loss is {yours['loss']:.3f} times "
            f"Sequential's; without, {default['loss']:.3f} times. {_gradients(yours)}"
        )
        return Verdict("true if", finding, _why(experiment), rows, chart)
    k = len(factors)
    if max(factors) - min(factors) < TOLERANCE:
        finding = f"{measured}: the factor is k = {k}, the number of heads. {_gradients(default)}"
    else:
        finding = f"{measured}, and the factor is not k = {k}: {_by_head(architecture, factors)}. {_gradients(default)}"
    return Verdict("true", finding, _why(experiment), rows, chart)


def _all(found: Mapping[str, Any], ratio: float) -> bool:
    """Whether loss and gradients all have this ratio."""
    ratios = [found["loss"], *(row["ratio"] for row in _moving(found).values())]
    return all(abs(value - ratio) <= TOLERANCE * max(1.0, abs(ratio)) for value in ratios)


def _differ(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return any(
        abs(a - b) > TOLERANCE * abs(a)
        for a, b in [
            (one["loss"], other["loss"]),
            *((row["ratio"], _moving(other)[name]["ratio"]) for name, row in _moving(one).items()),
        ]
    )


def _moving(found: Mapping[str, Any]) -> dict[str, Mapping[str, float]]:
    """The trunk variables that Sequential's loss has a gradient on."""
    return {name: row for name, row in found["gradients"].items() if math.isfinite(row["ratio"])}


def _gradients(found: Mapping[str, Any]) -> str:
    rows = _moving(found)
    if not rows:
        return "No gradient reaches the trunk."
    ratios = [row["ratio"] for row in rows.values()]
    low, high = min(ratios), max(ratios)
    rest = max((row["rest"] for row in rows.values() if math.isfinite(row["rest"])), default=0.0)
    if high - low < TOLERANCE * max(1.0, high) and rest < TOLERANCE:
        variables = f"the {len(rows)} trunk variables" if len(rows) > 1 else "the one trunk variable"
        return f"The gradient on each of {variables} is {high:.3f} times as large, number for number."
    return (
        f"The gradients on the trunk's variables are {low:.2f} to {high:.2f} times as large, and up to {rest:.0%} of "
        "one is no multiple of Sequential's at all: it points elsewhere."
    )


def _by_head(architecture: Architecture, factors: list[float]) -> str:
    words = [f"{head.name} {factor:.3g} times" for head, factor in zip(architecture.heads, factors, strict=True)]
    return f"head i counts Σu/uᵢ times as much ({shortened(words, _SHOWN)})"


def _table(experiment: Experiment, evidence: Evidence) -> list[dict[str, str]]:
    architecture = experiment.architecture
    k = len(architecture.heads)
    alike = len({head.units for head in architecture.heads}) == 1
    titles = {
        "none": "none",
        "loss_weights": f"`loss_weights` {f'1/{k}' if alike else 'uᵢ/Σu'}",
        "fused": f"one fused output, Dense({architecture.output_units})",
        "rate": f"Sequential's learning rate × {k}",
        "reduction": '`reduction="sum"` in both',
    }
    moved, steps = evidence["moved"], evidence["steps"]
    told = [rule for rule in _RULES if math.isfinite(moved[rule])]
    rows = []
    for key, row in evidence["remedies"].items():
        restored = [rule for rule in told if row[rule] <= MATCH * max(moved[rule], MATCH)]
        if not told:
            answer = "cannot tell"
        elif restored == told:
            answer = "yes"
        else:
            answer = f"with {_RULES[restored[0]]} alone" if restored else "no"
        if told and len(told) < len(_RULES):
            answer += f" (cannot tell with {next(title for rule, title in _RULES.items() if rule not in told)})"
        rows.append(
            {
                "remedy": titles[key],
                "loss ratio": f"{row['loss']:.3f}",
                **{f"outputs differ after {steps} steps, {_RULES[rule]}": short(row[rule]) for rule in _RULES},
                "restores the match": answer,
            }
        )
    return rows


_RULES = {"sgd": "plain SGD", "adam": "Adam"}


def _chart(default: Mapping[str, Any], yours: Mapping[str, Any]) -> Chart | None:
    rows = _moving(default)
    if not rows:
        return None
    series = {"without loss weights": [row["ratio"] for row in rows.values()]}
    if _differ(default, yours):
        series["with yours"] = [yours["gradients"][name]["ratio"] for name in rows]
    return Chart("bars", list(rows), series, y_title="gradient, Functional over Sequential")


def _why(experiment: Experiment) -> str:
    return (
        "A fused output has one loss, and Keras averages it over its units as well: head i enters with uᵢ/Σu. "
        "Several outputs have a loss each, and Keras adds them. So `loss_weights` of uᵢ/Σu (1/k for heads alike) or "
        "a fused output restore the match. With plain SGD a gradient k times as large is a step k times as long, so "
        "where all heads have the same units, k times the rate for Sequential does it too. Adam divides the gradient "
        "by its own size, which leaves little of the factor in one step (claim 6 measures how that grows), so k times "
        "the rate makes steps k times as long. "
        "Where a head's outputs became the same for every sequence, agreement shows nothing: cannot tell. "
        "The reduction `sum` adds up the sequences of a batch, in both models; the mean over the units comes before, "
        f"so the factor stays. (Measured {at_rate(experiment)}; the first row is Functional's plain sum.)"
    )


def code(experiment: Experiment) -> str:
    """Print the ratio of the losses: as it is, with the mean's weights, and with the visitor's own."""
    architecture, training = experiment.architecture, experiment.training
    mean = Training(combine="mean").loss_weights(architecture)
    given = [(1.0,) * len(mean), mean]
    if training.combine == "own":
        given.append(training.loss_weights(architecture))
    return both(
        experiment,
        "a, b = sequential(), functional()",
        *transfer_weights(experiment),
        x_line(experiment, 256),
        *targets(experiment, 256),
        f'a.compile(loss="{architecture.heads[0].loss}")',
        "one = a.evaluate(x, y, verbose=0)",
        f"for weights in {[list(weights) for weights in given]}:",
        f"    b.compile(loss={losses(experiment)}, loss_weights=weights)",
        "    print(weights, b.evaluate(x, heads, verbose=0)[0] / one)",
    )


CLAIM = Claim(
    key="averaged_summed",
    number=5,
    title="Averaged against summed",
    source="the second answer",
    statement="One output of several columns has its loss averaged; the losses of several outputs are added up. So the "
    "totals differ, at least for a usual loss such as mse.",
    question="Same weights, same sequences: how large is Functional's loss beside Sequential's?",
    options=("the same", "as many times as there are heads", "that depends on the loss weights"),
    judge=judge,
    code=code,
    inapplicable_reason=needs_fused,
)
