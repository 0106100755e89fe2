"""Claim 10: the fused model is faster. Its evidence is a point of the Speed page, with as many heads as are set."""

from __future__ import annotations

from collections.abc import Mapping

from backend.experiment import Experiment
from backend.questions.claims.base import Claim, ClaimVerdict, Kind, needs_fused
from backend.questions.speed import findings
from backend.questions.speed.result import SweepResult
from backend.questions.speed.script import write
from backend.questions.speed.sweep import Sweep, SweepSettings
from backend.statistics.intervals import Difference

OPTIONS = ("longer", "no difference that can be measured", "shorter")
_KINDS: Mapping[Difference, tuple[Kind, str]] = {
    "slower": ("true", OPTIONS[0]),
    "within noise": ("undecided", OPTIONS[1]),
    "faster": ("false", OPTIONS[2]),
}
#: The columns of the table of Speed that claim 10 shows.
_COLUMNS = ("style", "train step (ms)", "first call (s)", "operations", "variables")


def judge(experiment: Experiment, evidence: SweepResult) -> ClaimVerdict:
    """The answer of Speed for the visitor's number of heads, with Keras's own `fit`."""
    point, machine = findings.answered(evidence.points, "fit", len(experiment.architecture.heads)), evidence.machine
    if point is None or point.ratio is None:
        raise ValueError("claim 10 needs at least one round of readings")
    why = (
        f"{findings.explanation([point], 'fit')}\n\n{findings.control(evidence.points, 'fit')} (Each timed head has "
        f"one unit. Measured on {evidence.measured_at[:10]} on {machine.name}, at a load of {machine.load:.1f}.)"
    )
    rows = [{name: row[name] for name in _COLUMNS} for row in findings.rows([point])]
    kind, answer = _KINDS[point.ratio.verdict]
    _, finding = findings.answer(point)
    return ClaimVerdict(answer, finding, why, rows, kind=kind, figure=findings.quicker(point.ratio))


def sweep(experiment: Experiment) -> SweepSettings:
    """The point of Speed: the visitor's trunk, with as many heads as they have."""
    heads = (len(experiment.architecture.heads),)
    return SweepSettings(experiment=experiment, sweep=Sweep(heads=heads, modes=("fit",)))


def code(experiment: Experiment) -> str:
    """The script of Speed, which times train steps of both in turns."""
    return write(sweep(experiment))


CLAIM = Claim(
    key="speed",
    number=10,
    title="Is one layer for all heads faster?",
    source="the third answer",
    statement="One Dense layer for all heads should be faster, because it can be optimized better. The author did "
    "not test this.",
    question="How long does a train step take with one output layer for each head, compared with one for all?",
    options=OPTIONS,
    replies=("yes, {}", "no difference found", "no, {}"),
    test=judge,
    draw=lambda experiment, evidence: findings.picture(findings.of_mode(evidence.points, "fit")),
    code=code,
    evidence=SweepResult,
    measure="backend.worker.speed:claim",
    inapplicable_reason=needs_fused,
    page="speed",
)
