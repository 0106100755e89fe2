"""Claim 3: the two networks compute the same function."""

from __future__ import annotations

from backend.claims.base import Claim, Measured, Verdict, both, needs_fused, x_line
from backend.claims.recipes import transfer_weights
from backend.experiment import Experiment

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
    """Hold the largest difference of the outputs, weights carried across, against round-off."""
    rows = [
        {
            "sequences in the batch": f"{batch}",
            "largest difference": f"{row.difference:.1e}",
            "largest output": f"{row.output:.2f}",
            "equal to the last bit": "yes" if row.difference == 0 else "no",
        }
        for batch, row in evidence.batches.items()
    ]
    worst = max(row.difference / max(row.output, 1e-30) for row in evidence.batches.values())
    largest = max(row.difference for row in evidence.batches.values())
    if worst > ROUND_OFF:
        return Verdict("false", f"The outputs differ by {largest:.1e}, more than round-off.", _WHY, rows)
    return Verdict(
        "true", f"With the weights carried across, no output differs by more than {largest:.1e}.", _WHY, rows
    )


_WHY = (
    "Each output is the same weighted sum of the same neurons. It is not always the same to the last bit: a matrix "
    "product with another number of columns is cut into other blocks and added up in another order, and float32 "
    "addition is not associative."
)


def code(experiment: Experiment) -> str:
    """Carry the weights across and print the largest difference for batches of several sizes."""
    return both(
        experiment,
        f"keras.utils.set_random_seed({experiment.training.seed})",
        "a, b = sequential(), functional()",
        *transfer_weights(experiment),
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
    statement="The two networks do the same: a Dense layer connects all to all, however its outputs are grouped.",
    question="Give both the same weights: will their outputs be equal?",
    options=("yes, to the last bit", "yes, but for round-off", "no"),
    judge=judge,
    code=code,
    evidence=Outputs,
    inapplicable_reason=needs_fused,
)
