"""Claim 1: the same number of trainable parameters."""

from __future__ import annotations

from backend.claims.base import Claim, Measured, Verdict, script, supporting_styles
from backend.claims.recipes import assign_dict
from backend.experiment import Experiment
from backend.experiment.styles import STYLES
from backend.network.parameters import layers, parameters


class Counts(Measured):
    """`parameters`: style key → its number of trainable parameters, counted by Keras."""

    parameters: dict[str, int]


def judge(experiment: Experiment, evidence: Counts) -> Verdict:
    """Compare Keras's counts in every style that can express the architecture."""
    architecture = experiment.architecture
    counts = evidence.parameters
    rows = [
        {
            "style": STYLES[key].title,
            "layer by layer": " + ".join(f"{row.parameters:,}" for row in layers(architecture, STYLES[key])[1:]),
            "calculated": f"{parameters(architecture, STYLES[key]):,}",
            "counted by Keras": f"{count:,}",
        }
        for key, count in counts.items()
    ]
    deep = [head for head in architecture.heads if head.hidden]
    if len(set(counts.values())) > 1:
        return Verdict("false", "The styles differ in their number of trainable parameters.", _WHY, rows)
    count = next(iter(counts.values()))
    if deep:
        plain = tuple(head.model_copy(update={"hidden": ()}) for head in architecture.heads)
        without = parameters(architecture.model_copy(update={"heads": plain}), STYLES["functional"])
        return Verdict(
            "conditionally true",
            f"True only if no head has hidden layers of its own. With yours, the network has {count:,} parameters. "
            f"Without them, it would have {without:,}.",
            "A hidden layer of a head has a kernel and biases of its own, and one fused Dense layer has no place for "
            "them. Sequential cannot express such a layer at all.",
            rows,
        )
    return Verdict("true", f"Keras counts {count:,} trainable parameters in every style.", _WHY, rows)


_WHY = (
    "A Dense layer has one weight for each pair of input and output, and one bias for each output. Splitting its "
    "columns into several layers distributes the same weights over several arrays. It adds none and removes none."
)


def code(experiment: Experiment) -> str:
    """Print the count in every style that can express the architecture."""
    styles = supporting_styles(experiment)
    return script(
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
    statement="Both model summaries report the same number of trainable parameters, so the networks seem to be the "
    "same.",
    question="Does every style have the same number of trainable parameters?",
    options=("yes", "no", "only if no head has hidden layers"),
    judge=judge,
    code=code,
    evidence=Counts,
)
