"""Claim 1: the same number of trainable parameters."""

from __future__ import annotations

from collections.abc import Mapping

from backend.experiment import Experiment
from backend.experiment.styles import STYLES
from backend.network.parameters import layers, parameters
from backend.questions.base import Measured
from backend.questions.claims.base import Claim, ClaimVerdict, Kind, assign_dict, script, supporting_styles, yes_no
from backend.questions.pictures import Bar, Bars, of_task

#: The most output layers whose parameters the picture writes out.
_SHOWN = 8


class Counts(Measured):
    """`parameters`: style key → its number of trainable parameters, counted by Keras."""

    parameters: dict[str, int]


def judge(experiment: Experiment, evidence: Counts) -> ClaimVerdict:
    """Compare Keras's counts in every style that can express the architecture with the calculated one."""
    architecture, counts = experiment.architecture, evidence.parameters
    calculated = {key: parameters(architecture, STYLES[key]) for key in counts}
    rows = [
        {
            "style": STYLES[key].title,
            "layer by layer": " + ".join(f"{row.parameters:,}" for row in layers(architecture, STYLES[key])[1:]),
            "calculated": f"{calculated[key]:,}",
            "counted by Keras": f"{count:,}",
            "equal": yes_no(count == calculated[key]),
        }
        for key, count in counts.items()
    ]
    count = f"{min(counts.values()):,}"
    if len(set(counts.values())) > 1:
        finding = "Keras counts different numbers of trainable parameters."
        return ClaimVerdict(_answer(counts), finding, _WHY, rows, kind="false")
    kind: Kind = "true" if counts == calculated else "false"
    finding = f"Keras counts {count} parameters in each style that can write this network."
    return ClaimVerdict(OPTIONS[0], finding, _WHY, rows, kind=kind, figure=count)


def _answer(counts: Mapping[str, int]) -> str | None:
    """The option that says which styles need more; None if no option does."""
    fused = [count for key, count in counts.items() if STYLES[key].outputs == "fused"]
    separate = [count for key, count in counts.items() if STYLES[key].outputs != "fused"]
    if not fused or not separate:
        return None
    return OPTIONS[1] if min(separate) > max(fused) else OPTIONS[2] if max(separate) < min(fused) else None


def picture(experiment: Experiment, evidence: Counts) -> Bars | None:
    """The parameters of the heads, joined and split; none if the counts differ or if no style joins them."""
    architecture, counts = experiment.architecture, evidence.parameters
    several = len(architecture.heads) > 1 and not STYLES["sequential"].unsupported_reason(architecture)
    if len(set(counts.values())) > 1 or not several:
        return None
    rows = layers(architecture, STYLES["functional"])
    heads = [sum(row.parameters for row in rows if row.head == head.name) for head in architecture.heads]
    parts = [(float(own), of_task(i)) for i, own in enumerate(heads)]
    texts = [f"{own:,}" for own in heads] if len(heads) <= _SHOWN else []
    joined = Bar("one layer for all heads", parts, f"{sum(heads):,}")
    split = Bar("a layer for each head", parts, f"{sum(heads):,}", texts, split=True)
    return Bars("Parameters of the heads, joined or split", (joined, split))


_WHY = (
    "A Dense layer has one weight for each pair of input and unit, and one bias for each unit. Splitting its "
    "columns into several layers distributes the same weights over several arrays. It adds none and removes none. "
    "A hidden layer of a head has a kernel and biases of its own. A style with one Dense layer for all heads has no "
    "place for them."
)
OPTIONS = ("yes, all the same", "no, a layer for each head needs more", "no, one layer for all heads needs more")


def code(experiment: Experiment) -> str:
    """Print the count in every style that can express the architecture."""
    styles = supporting_styles(experiment)
    counted = assign_dict("parameters", {style: f"{style}().count_params()" for style in styles})
    return script(experiment, f"{counted}\nfor style, count in parameters.items():\n    print(style, count)", styles)


CLAIM = Claim(
    key="parameters",
    number=1,
    title="Do all styles have the same number of parameters?",
    source="the question",
    statement="Both model summaries report the same number of trainable parameters, so the networks seem to be the "
    "same.",
    question="Do all styles that can write this network have the same number of trainable parameters?",
    options=OPTIONS,
    replies=("yes, {} each", *OPTIONS[1:]),
    test=judge,
    draw=picture,
    code=code,
    evidence=Counts,
)
