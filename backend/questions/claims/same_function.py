"""Claim 3: the two networks compute the same function."""

from __future__ import annotations

import math

from backend.experiment import Experiment
from backend.questions.base import Measured
from backend.questions.claims.base import Claim, ClaimVerdict, needs_fused, script, x_line, yes_no
from backend.questions.claims.descent import transfer_lines
from backend.words import short

#: Largest difference, as a share of the largest number that the models return, that float32 round-off explains.
ROUND_OFF = 1e-5


class Batch(Measured):
    """The largest `difference` of what both models return for one batch, and the largest number, `output`."""

    difference: float
    output: float


class Outputs(Measured):
    """`batches`: number of sequences → what the two models, with equal weights, computed for them."""

    batches: dict[int, Batch]


def judge(experiment: Experiment, evidence: Outputs) -> ClaimVerdict:
    """Compare the largest difference of the returned numbers, at equal weights, with round-off."""
    rows = [
        {
            "sequences in the batch": f"{batch}",
            "largest difference": short(row.difference),
            "largest number": short(row.output, 3),
            "equal to the last bit": yes_no(row.difference == 0),
        }
        for batch, row in evidence.batches.items()
    ]
    largest = max(row.difference for row in evidence.batches.values())
    if not all(math.isfinite(row.difference) and math.isfinite(row.output) for row in evidence.batches.values()):
        finding = "Some numbers are NaN or infinite, so they cannot be compared."
        return ClaimVerdict(None, finding, _WHY, rows, kind="undecided")
    figure = short(largest)
    finding = f"The returned numbers differ by at most {figure}."
    explained = all(row.difference <= ROUND_OFF * max(row.output, 1e-30) for row in evidence.batches.values())
    answer = OPTIONS[2] if not explained else OPTIONS[largest > 0]
    return ClaimVerdict(answer, finding, _WHY, rows, kind="true" if explained else "false", figure=figure)


OPTIONS = ("yes, to the last bit", "yes, except for round-off", "no")
_WHY = (
    "Each unit of a head is the same weighted sum of the same neurons. The last bits may still differ. A matrix "
    "product with another number of columns is computed in other blocks, so its terms are added in another order, and "
    "float32 addition is not associative."
)


def code(experiment: Experiment) -> str:
    """Copy the weights and print the largest difference for batches of several sizes."""
    lines = f"""\
keras.utils.set_random_seed({experiment.training.seed})
a, b = sequential(), functional()
{transfer_lines(experiment)}
{x_line(experiment)}
batches = {{}}
for n in (1, 8, 32):
    one, other = np.array(a(x[:n])), np.concatenate(b(x[:n]), axis=1)
    batches[n] = {{"difference": float(np.abs(one - other).max()), "output": float(np.abs(one).max())}}
    print(n, "sequences:", batches[n])
"""
    return script(experiment, lines)


CLAIM = Claim(
    key="same_function",
    number=3,
    title="Do both styles compute the same function?",
    source="the third answer",
    statement="The two networks compute the same function. A Dense layer connects every input to every unit, however "
    "the units are grouped.",
    question="If Sequential and Functional have the same weights, do they return the same numbers?",
    options=OPTIONS,
    replies=("yes, to the last bit", "yes, except for {}", "no, they differ by {}"),
    test=judge,
    code=code,
    evidence=Outputs,
    inapplicable_reason=needs_fused,
)
