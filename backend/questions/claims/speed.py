"""Claim 10: the fused model is faster. Its evidence is a point of the Speed page, with as many heads as are set."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from backend.experiment import Experiment
from backend.experiment.url import text_of, write_query
from backend.questions.claims.base import Claim, ClaimVerdict, Kind, needs_fused, ratio_words
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
    """The time of a train step with one layer per head over that with one layer for all, as on Speed."""
    points, ratio, machine = evidence.points, evidence.points[0].ratio, evidence.machine
    if ratio is None:
        raise ValueError("claim 10 needs at least one round of readings")
    why = (
        f"{findings.explanation(points, 'fit')}\n\n{findings.control(points, 'fit')} [Speed]({_link(experiment)}) "
        "measures other numbers of heads. (Each timed head has one unit. Measured on "
        f"{evidence.measured_at[:10]} on {machine.name}, at a load of {machine.load:.1f}.)"
    )
    rows = [{name: row[name] for name in _COLUMNS} for row in findings.rows(points)]
    kind, answer = _KINDS[ratio.verdict]
    _, finding = findings.answer(points, "fit")
    return ClaimVerdict(answer, finding, why, rows, kind=kind, figure=ratio_words(ratio.median))


def _link(experiment: Experiment) -> str:
    """A link to the Speed page with the visitor's settings and their number of heads among those measured."""
    heads = sorted({*Sweep().heads, len(experiment.architecture.heads)})
    return f"speed?{urlencode(write_query(experiment) | {'k': [text_of(heads)]}, doseq=True)}"


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
    replies=("yes, {} times as fast", "not measurable here", "no, {} times as fast"),
    test=judge,
    draw=lambda experiment, evidence: findings.picture(evidence.points),
    code=code,
    evidence=SweepResult,
    measure="backend.worker.speed:claim",
    inapplicable_reason=needs_fused,
)
