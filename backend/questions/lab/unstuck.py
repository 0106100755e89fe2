"""Question 3: does removing conflict get me unstuck? Two problems on which the mean of the losses stays in a valley."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np

from backend.experiment.optimizers import RULES
from backend.lab.problems import PROBLEMS
from backend.lab.script import Entry, aggregator, scalarizer, script, table
from backend.questions.base import Measured, Verdict
from backend.questions.lab.base import CANNOT_TELL, LabEvidence, Question, rounded
from backend.questions.pictures import Bar, Bars, of_method
from backend.words import short

ProblemKey = Literal["famo_toy", "cagrad_toy"]
MethodKey = Literal["famo", "mgda", "nash", "imtl_g", "pcgrad", "cagrad"]

#: CAGrad's radius in the publications.
RADIUS: dict[ProblemKey, float] = {"famo_toy": 0.4, "cagrad_toy": 0.5}

#: The methods that change the mean's step only if gradients conflict, or stay near the mean.
REMOVERS: tuple[MethodKey, ...] = ("pcgrad", "cagrad")
#: The methods that also balance the heads, whatever the scale of their losses.
BALANCERS: tuple[MethodKey, ...] = ("famo", "mgda", "nash", "imtl_g")

#: Points of a trajectory after its start.
POINTS = 120

OPTIONS = ("yes, with both of them", "with one of them", "no, with neither of them")


class UnstuckSettings(Measured):
    """The mean always takes part. The defaults are those of FAMO's publication."""

    problem: ProblemKey = "famo_toy"
    methods: tuple[MethodKey, ...] = (*BALANCERS, *REMOVERS)
    optimizer: Literal["adam", "sgd"] = "adam"
    rate: float = 1e-3
    steps: int = 50_000


class UnstuckRuns(Measured):
    """One method from every start, each value in the order of the starts.

    `paths` are x₁ and x₂ at the recorded steps. `losses` are both losses at the end. `distances` is how far the end is
    from the front, and `arrived` the first recorded step from which the run stays on the front, or None.
    """

    key: str
    title: str
    paths: tuple[tuple[tuple[float, float], ...], ...]
    losses: tuple[tuple[float, float], ...]
    distances: tuple[float, ...]
    arrived: tuple[int | None, ...]

    @property
    def reached(self) -> tuple[int, ...]:
        """The starts, from 0, from which the run ends on the front."""
        return tuple(start for start, step in enumerate(self.arrived) if step is not None)


class UnstuckEvidence(LabEvidence):
    """What each method did, the mean first. `steps` are the recorded steps."""

    settings: UnstuckSettings
    starts: tuple[tuple[float, float], ...]
    steps: tuple[int, ...]
    runs: tuple[UnstuckRuns, ...]


def entries(settings: UnstuckSettings) -> dict[str, Entry]:
    """The methods that take part, by key, the mean first."""
    problem = PROBLEMS[settings.problem]
    every = {
        "famo": scalarizer("famo", lowest=problem.lowest, decay=0.0),
        "mgda": aggregator("mgda"),
        "nash": aggregator("nash"),
        "imtl_g": aggregator("imtl_g"),
        "pcgrad": aggregator("pcgrad"),
        "cagrad": aggregator("cagrad", c=RADIUS[settings.problem]),
    }
    return {"mean": aggregator("mean")} | {key: every[key] for key in settings.methods}


def run_of(
    key: str, title: str, steps: Sequence[int], x: np.ndarray, losses_of: Callable[[np.ndarray], np.ndarray],
    distance_of: Callable[[np.ndarray], np.ndarray], tolerance: float,
) -> dict[str, Any]:  # fmt: skip
    """What a method did: x at the recorded steps is (points, 2, starts).

    A run has arrived at the first recorded step from which it stays on the front, within `tolerance`.
    """
    with np.errstate(all="ignore"):
        distances = np.stack([distance_of(each) for each in x])
        losses = losses_of(x[-1])
    arrived: list[int | None] = []
    for away in ~(distances <= tolerance).T:  # NaN is away
        last = np.flatnonzero(away)[-1] if away.any() else -1
        arrived.append(steps[last + 1] if last + 1 < len(steps) else None)
    return {
        "key": key, "title": title, "paths": rounded(x.transpose(2, 0, 1), 3), "losses": rounded(losses.T),
        "distances": rounded(distances[-1]), "arrived": arrived,
    }  # fmt: skip


def code(settings: UnstuckSettings) -> str:
    """The script: for each method, from how many starts it reaches the front, and where each run ends."""
    problem, entries_by_key = PROBLEMS[settings.problem], entries(settings)
    losses, jacobian, distance = (each.__name__ for each in (problem.losses, problem.jacobian, problem.distance))
    titles = {key: entry.method.title for key, entry in entries_by_key.items()}
    main = f"""
starts = {[list(each) for each in problem.starts]}
{table(entries_by_key, problem.k)}
titles = {titles!r}
steps, paths = descend(
    {losses}, {jacobian}, np.array(starts).T, methods, {settings.optimizer}, rate={settings.rate},
    steps={settings.steps}, points={POINTS}, progress=lambda share: print(".", end="", flush=True),
)
runs = [
    run_of(key, titles[key], steps, path, {losses}, {distance}, {problem.tolerance}) for key, path in paths.items()
]
for each in runs:
    reached = sum(step is not None for step in each["arrived"])
    print(f"\\n{{each['title']}}: on the front from {{reached}} of {{len(starts)}} starts")
    for one, other in each["losses"]:
        print(f"    losses {{one:.4f}} {{other:.4f}}")
"""
    title = f"{QUESTION.title} {problem.title}."
    return script(title, [problem], entries_by_key.values(), main, [rounded, run_of])


def judge(evidence: UnstuckEvidence) -> Verdict:
    """Compare the methods with the mean, start by start."""
    settings, runs = evidence.settings, {each.key: each for each in evidence.runs}
    mean, count = runs["mean"], len(evidence.starts)
    pcgrad, cagrad = (runs[key] for key in REMOVERS)
    finding = (
        f"Within {settings.steps:,} steps of {RULES[settings.optimizer]} at learning rate {short(settings.rate, 3)}, "
        f"the mean reaches the front from {len(mean.reached)} of {count} starts, PCGrad from {len(pcgrad.reached)}, "
        f"CAGrad from {len(cagrad.reached)}."
    )
    if len(mean.reached) == count or not any(each.reached for each in evidence.runs):  # no run is stuck, or all are
        return Verdict(None, finding + CANNOT_TELL)
    freed = sum(bool(set(each.reached) - set(mean.reached)) for each in (pcgrad, cagrad))
    return Verdict(OPTIONS[2 - freed], finding)


def picture(evidence: UnstuckEvidence) -> Bars:
    """From how many starts each method reaches the front."""
    count = len(evidence.starts)
    bars = [
        Bar(runs.title, [(len(runs.reached), of_method(runs.key))], f"{len(runs.reached)} of {count}")
        for runs in evidence.runs
    ]
    return Bars(f"Starts, of {count}, from which a method reaches the front", bars)


QUESTION = Question(
    key="unstuck",
    number=3,
    title="Does removing conflict get me unstuck?",
    options=OPTIONS,
    settings=UnstuckSettings,
    evidence=UnstuckEvidence,
    test=judge,
    draw=picture,
    code=code,
    published=(UnstuckSettings(), UnstuckSettings(problem="cagrad_toy", steps=100_000)),
)
