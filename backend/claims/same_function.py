"""Claim 3: the two networks compute the same function."""

from __future__ import annotations

from backend.claims.base import Claim, Measured, Verdict, needs_fused, script, x_line
from backend.claims.recipes import weight_transfer_lines
from backend.experiment import Experiment
from backend.words import short

#: Largest difference, as a share of the largest output, that float32 round-off explains.
ROUND_OFF = 1e-5


class Batch(Measured):
    """The largest `difference` of the two models' outputs on one batch, and the largest `output`."""

    difference: float
    output: float


class Outputs(Measured):
    """`batches`: number of sequences → what the two models, with equal weights, computed for them."""

    batches: dict[int, Batch]


def judge(experiment: Experiment, evidence: Outputs) -> Verdict:
    """Compare the largest difference of the outputs, at equal weights, with round-off."""
    rows = [
        {
            "sequences in the batch": f"{batch}",
            "largest difference": short(row.difference),
            "largest output": short(row.output, 3),
            "equal to the last bit": "yes" if row.difference == 0 else "no",
        }
        for batch, row in evidence.batches.items()
    ]
    worst = max(row.difference / max(row.output, 1e-30) for row in evidence.batches.values())
    largest = max(row.difference for row in evidence.batches.values())
    if worst > ROUND_OFF:
        return Verdict(
            "false",
            f"At equal weights the outputs differ by up to {short(largest)}. Round-off does not explain that.",
            _WHY,
            rows,
        )
    if largest == 0:
        return Verdict("true", "At equal weights all outputs are equal to the last bit.", _WHY, rows)
    return Verdict(
        "true", f"At equal weights the outputs differ by at most {short(largest)}, which is round-off.", _WHY, rows
    )


_WHY = (
    "Each output is the same weighted sum of the same neurons. The last bits may still differ. A matrix product with "
    "another number of columns is computed in other blocks, so its terms are added in another order, and float32 "
    "addition is not associative."
)


def code(experiment: Experiment) -> str:
    """Copy the weights and print the largest difference for batches of several sizes."""
    return script(
        experiment,
        f"keras.utils.set_random_seed({experiment.training.seed})",
        "a, b = sequential(), functional()",
        *weight_transfer_lines(experiment),
        x_line(experiment),
        "batches = {}",
        "for n in (1, 8, 32):",
        "    one, other = np.array(a(x[:n])), np.concatenate(b(x[:n]), axis=1)",
        '    batches[n] = {"difference": float(np.abs(one - other).max()), "output": float(np.abs(one).max())}',
        '    print(n, "sequences:", batches[n])',
    )


CLAIM = Claim(
    key="same_function",
    number=3,
    title="The same function",
    source="the third answer",
    statement="The two networks compute the same function. A Dense layer connects every input to every output, "
    "however the outputs are grouped.",
    question="If both models have the same weights, are their outputs equal?",
    options=("yes, to the last bit", "yes, except for round-off", "no"),
    judge=judge,
    code=code,
    evidence=Outputs,
    inapplicable_reason=needs_fused,
)
