"""Question 3: does removing conflict get me unstuck? Two problems on which the mean of the losses stays in a valley."""

from __future__ import annotations

import math
from typing import Annotated, Literal

import numpy as np
from pydantic import AfterValidator, Field

from backend.experiment.optimizers import RULES
from backend.lab.descent import Entry, Optimizer, aggregator, run, scalarizer
from backend.lab.problems import PROBLEMS, Problem
from backend.lab.script import script, table
from backend.questions.base import Measured, Verdict
from backend.questions.lab.base import Progress, Question, QuestionSettings, distinct, ignore_progress, rounded
from backend.words import listed, short

ProblemKey = Literal["famo_toy", "cagrad_toy"]
MethodKey = Literal["famo", "mgda", "nash", "imtl_g", "pcgrad", "cagrad"]

#: CAGrad's radius in the publications.
RADIUS: dict[ProblemKey, float] = {"famo_toy": 0.4, "cagrad_toy": 0.5}

#: The methods that change the mean's step only if gradients conflict, or stay near the mean.
REMOVERS: tuple[MethodKey, ...] = ("pcgrad", "cagrad")
#: The methods that also balance the heads, whatever the scale of their losses.
BALANCERS: tuple[MethodKey, ...] = ("famo", "mgda", "nash", "imtl_g")

#: Seconds of a step of one method from all starts, on an idle core.
STEP = 3e-5

#: Points of a trajectory after its start.
POINTS = 120

OPTIONS = ("yes, with both of them", "with one of them", "no, with neither of them")


class Settings(QuestionSettings):
    """What a visitor can choose. The mean always takes part. The defaults are those of FAMO's publication."""

    problem: ProblemKey = "famo_toy"
    methods: Annotated[tuple[MethodKey, ...], AfterValidator(distinct)] = Field(
        (*BALANCERS, *REMOVERS), min_length=1, max_length=6
    )
    optimizer: Optimizer = "adam"
    rate: float = Field(1e-3, ge=1e-5, le=1.0)
    steps: int = Field(50_000, ge=100, le=100_000)


class Runs(Measured):
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


class Evidence(Measured):
    """What each method did, the mean first. `steps` are the recorded steps."""

    settings: Settings
    starts: tuple[tuple[float, float], ...]
    steps: tuple[int, ...]
    runs: tuple[Runs, ...]


def entries(settings: Settings) -> dict[str, Entry]:
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


def measure(settings: Settings, progress: Progress = ignore_progress) -> Evidence:
    """Run every method from every start."""
    problem, entries_by_key = PROBLEMS[settings.problem], entries(settings)
    paths = run(
        problem, entries_by_key, optimizer=settings.optimizer, rate=settings.rate, steps=settings.steps, points=POINTS,
        progress=progress,
    )  # fmt: skip
    return Evidence(
        settings=settings,
        starts=problem.starts,
        steps=paths["mean"].steps,
        runs=tuple(_runs(problem, key, entries_by_key[key].title, path.steps, path.x) for key, path in paths.items()),
    )


def seconds(settings: Settings) -> float:
    """About how long `measure` takes on an idle core. The number of starts makes little difference."""
    return STEP * settings.steps * (1 + len(settings.methods))


def _runs(problem: Problem, key: str, title: str, steps: tuple[int, ...], x: np.ndarray) -> Runs:
    with np.errstate(all="ignore"):
        distances = np.stack([problem.distance(each) for each in x])
        losses = problem.losses(x[-1])
    on_front = distances <= problem.tolerance  # (points, runs); NaN is not
    return Runs(
        key=key,
        title=title,
        paths=rounded(x.transpose(2, 0, 1), 3),
        losses=rounded(losses.T),
        distances=rounded(distances[-1]),
        arrived=tuple(_stays_from(each, steps) for each in on_front.T),
    )


def _stays_from(on_front: np.ndarray, steps: tuple[int, ...]) -> int | None:
    """The first recorded step from which the run stays on the front; None if it does not end there."""
    away = np.flatnonzero(~on_front)
    if not len(away):
        return steps[0]
    return steps[away[-1] + 1] if away[-1] + 1 < len(steps) else None


def judge(evidence: Evidence) -> Verdict:
    """Compare the methods with the mean, start by start."""
    settings, runs = evidence.settings, {each.key: each for each in evidence.runs}
    mean, count = runs["mean"], len(evidence.starts)
    rule = RULES[settings.optimizer]
    within = f"Within {settings.steps:,} steps of {rule} at a rate of {short(settings.rate, 3)}"
    if not any(each.reached for each in evidence.runs):
        finding = f"{within}, no method reaches the front from any of the {count} starts, so these runs cannot tell."
        return Verdict(None, finding, _why(evidence, []), _table(evidence))
    reach: dict[int, list[str]] = {}
    for each in evidence.runs[1:]:
        reach.setdefault(len(each.reached), []).append(each.title)
    others = [f"{listed(titles)} from {n}" for n, titles in sorted(reach.items())]
    finding = f"{within}, the mean reaches the front from {len(mean.reached)} of {count} starts; {'; '.join(others)}."
    missed = [start for start in range(count) if start not in mean.reached]
    return Verdict(_answer(mean, runs, count), finding, _why(evidence, missed), _table(evidence))


def _answer(mean: Runs, runs: dict[str, Runs], count: int) -> str | None:
    """The option that holds; None if the mean is not stuck, or if PCGrad or CAGrad did not take part."""
    removers = [runs[key] for key in REMOVERS if key in runs]
    if len(mean.reached) == count or len(removers) < len(REMOVERS):
        return None
    freed = sum(bool(set(each.reached) - set(mean.reached)) for each in removers)
    return {2: OPTIONS[0], 1: OPTIONS[1], 0: OPTIONS[2]}[freed]


def _why(evidence: Evidence, missed: list[int]) -> str:
    """What happened from the starts `missed`, from which the mean does not reach the front, and why."""
    parts = list[str]()
    for start in missed:
        titles = [each.title for each in evidence.runs if start in each.reached]
        others = f"{listed(titles)} {'does' if len(titles) == 1 else 'do'}" if titles else "no other method does either"
        parts.append(f"From start {start + 1}, the mean does not reach the front; {others}.")
    if len(evidence.runs[0].reached) == len(evidence.starts):
        parts.append("The mean reaches the front from every start, so no run of it is stuck.")
    parts = [" ".join(parts)] if parts else []
    parts.append(
        "If the two gradients conflict, PCGrad removes from each its part along the other. CAGrad stays within a ball "
        "around the mean gradient. In both, a gradient that is far longer than the other still decides most of the "
        "step. FAMO, Nash-MTL and IMTL-G step in a direction that does not depend on the scale of a loss, so a loss "
        "that is ten times smaller counts as much. In MGDA the shorter gradient decides most of the step, so such a "
        "loss counts for more."
    )
    parts.append(
        "A run that has not reached the front may reach it later, or at another rate: a larger rate can carry it "
        "out of a valley. On the front, no step lowers both losses. Different methods end at different points of "
        "it, and all of these count."
    )
    parts.append(_lengths(evidence))
    diverged = [each.title for each in evidence.runs if not all(map(math.isfinite, each.distances))]
    if diverged:
        parts.append(f"A run of {listed(diverged)} became NaN or infinite, which counts as not reached.")
    return "\n\n".join(parts)


def _lengths(evidence: Evidence) -> str:
    """Which methods differ only in the length of their steps, and whether the optimizer hides that length."""
    sentences = []
    if {"nash", "imtl_g"} <= set(evidence.settings.methods):
        sentences.append(
            "With two heads, Nash-MTL and IMTL-G step along the same direction, the bisector of the two gradients. "
            "They differ in length: Nash-MTL's step has the length 1 until the gradients almost cancel each other, and "
            "IMTL-G's becomes shorter as the gradients do."
        )
    if evidence.settings.optimizer == "adam":
        sentences.append(
            "Adam divides each gradient by its running size, so it hides a constant factor between two methods. It "
            "does not hide a length that changes on the way."
        )
    else:
        sentences.append(
            "Plain SGD hides no length: a method may arrive because its steps are longer, and not because it steps in "
            "a better direction. The outcome may differ at another rate."
        )
    return " ".join(sentences)


def _table(evidence: Evidence) -> list[dict[str, str]]:
    rows = []
    for each in evidence.runs:
        row = {"method": each.title, "starts that reach the front": f"{len(each.reached)}"}
        for start, losses in enumerate(each.losses):
            row[f"losses at the end, start {start + 1}"] = ", ".join(short(loss, 3) for loss in losses)
        rows.append(row)
    return rows


def code(settings: Settings) -> str:
    """The script: for each method, from how many starts it reaches the front, and where each run ends."""
    problem, entries_by_key = PROBLEMS[settings.problem], entries(settings)
    methods = [(entry, problem.k) for entry in entries_by_key.values()]
    main = f"""
start = np.array({[list(each) for each in problem.starts]}).T
{table(entries_by_key, problem.k)}
steps, paths = descend(
    {problem.losses.__name__}, {problem.jacobian.__name__}, start, methods, {settings.optimizer}, rate={settings.rate},
    steps={settings.steps}, points={POINTS},
)
with np.errstate(all="ignore"):
    for title, path in paths.items():
        end = path[-1]
        reached = {problem.distance.__name__}(end) <= {problem.tolerance}
        print(f"{{title}}: on the front from {{reached.sum()}} of {{start.shape[1]}} starts")
        for one, other in {problem.losses.__name__}(end).T:
            print(f"    losses {{one:.4f}} {{other:.4f}}")
"""
    return script(f"{QUESTION.title} {problem.title}.", [problem], methods, main)


def refuse(settings: Settings) -> str | None:
    """Why these settings are refused: one of the two methods of the question is missing. None if both take part."""
    if set(REMOVERS) <= set(settings.methods):
        return None
    return "The question is about PCGrad and CAGrad. Choose both of them."


QUESTION = Question(
    key="unstuck",
    number=3,
    title="Does removing conflict get me unstuck?",
    question="With the published settings, descent on the mean of two losses stays stuck in a valley from some of the "
    "starts. PCGrad and CAGrad change the gradients that conflict. Where the mean gets stuck, do they get through?",
    options=OPTIONS,
    settings=Settings,
    evidence=Evidence,
    measure=measure,
    seconds=seconds,
    judge=judge,
    script=code,
    refuse=refuse,
    published=(Settings(), Settings(problem="cagrad_toy", steps=100_000)),
)
