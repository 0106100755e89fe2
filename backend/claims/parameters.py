"""Claim 1: the same number of trainable parameters."""

from __future__ import annotations

from backend.claims.base import Claim, Measured, Verdict, able_styles, both
from backend.claims.recipes import assign_dict
from backend.experiment import Experiment
from backend.experiment.styles import STYLES
from backend.network.parameters import layers, parameters


class Counts(Measured):
    """`parameters`: style key → its number of trainable parameters, counted by Keras."""

    parameters: dict[str, int]


def judge(experiment: Experiment, evidence: Counts) -> Verdict:
    """Compare Keras's counts of every style that can write the architecture."""
    architecture = experiment.architecture
    counts = evidence.parameters
    rows = [
        {
            "style": STYLES[key].title,
            "layer by layer": " + ".join(f"{row.parameters:,}" for row in layers(architecture, STYLES[key])[1:]),
            "worked out": f"{parameters(architecture, STYLES[key]):,}",
            "Keras": f"{count:,}",
        }
        for key, count in counts.items()
    ]
    deep = [head for head in architecture.heads if head.hidden]
    if len(set(counts.values())) > 1:
        return Verdict("false", "The styles have different numbers of trainable parameters.", _WHY, rows)
    count = next(iter(counts.values()))
    if deep:
        plain = tuple(head.model_copy(update={"hidden": ()}) for head in architecture.heads)
        without = parameters(architecture.model_copy(update={"heads": plain}), STYLES["functional"])
        return Verdict(
            "true if",
            f"True only if no head has hidden layers of its own: those make it {count:,} parameters where one fused "
            f"output would have {without:,}.",
            "A hidden layer of one head has a kernel and biases that no fused Dense layer holds; Sequential cannot "
            "write it at all.",
            rows,
        )
    return Verdict("true", f"{count:,} trainable parameters in every style, counted by Keras.", _WHY, rows)


_WHY = (
    "A Dense layer has one weight for each pair of input and output and one bias for each output. Cutting its columns "
    "into several layers moves weights from one array to several and makes none and loses none."
)


def code(experiment: Experiment) -> str:
    """Print the count of every style that can write the architecture."""
    styles = able_styles(experiment)
    return both(
        experiment,
        *assign_dict("parameters", {style: f"{style}().count_params()" for style in styles}),
        "for style, count in parameters.items():",
        "    print(style, count)",
        styles=styles,
    )


CLAIM = Claim(
    key="parameters",
    number=1,
    title="The same number of parameters",
    source="the question",
    statement="Both summaries end in the same number of trainable parameters, so the networks seem to be the same.",
    question="Will every style count the same?",
    options=("yes", "no", "only if no head has layers of its own"),
    judge=judge,
    code=code,
    evidence=Counts,
)
