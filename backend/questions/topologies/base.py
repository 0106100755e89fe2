"""What a topology is: a model that no list of layers can express, a problem that suits it, and how it is judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from pydantic import Field

from backend.experiment.styles.base import IMPORTS
from backend.questions.base import Measured, Question, Verdict
from backend.questions.topologies.script import write
from backend.questions.topologies.verdict import ANSWERS, METHOD, Gains, TopologyResult, bounds, signed
from backend.statistics.scores import r2

Arrays = dict[str, np.ndarray]
#: Sequences by the name of the input, and their targets by the name of the output, both float32.
Problem = tuple[Arrays, Arrays]

#: Training sequences (and as many validation sequences); epochs; batch size; seeds, each with its own initial weights.
SAMPLES, EPOCHS, BATCH, SEEDS = 512, 20, 32, 5
#: The second training takes this many times as many epochs. It tells a better result from faster learning.
LONGER = 4
#: The first seed of a training. The problems were tuned on seeds from 0 on, so on those a small gain may be chance.
FIRST_SEED = 1000


class Relatedness(Measured):
    """The relatedness of the two tasks of a topology that has it."""

    rho: Annotated[float, Field(ge=-1, le=1)] = 0.8


@dataclass(frozen=True)
class Recipe:
    """A model as Keras source: its `lines` define and compile `model`, whose outputs are a dict."""

    title: str
    lines: str

    @property
    def text(self) -> str:
        """The source with its imports."""
        return f"{IMPORTS}\n{self.lines}"


def r2_of_last(predicted: Mapping[str, np.ndarray], truth: Mapping[str, np.ndarray]) -> float:
    """R² of the last output of the problem."""
    *_, name = truth
    return r2(predicted[name], truth[name])


@dataclass(frozen=True, kw_only=True)
class Topology(Question[Relatedness, TopologyResult]):
    """A model that Sequential cannot build from Keras's layers alone, with a fair baseline.

    `summary` says in a few words what Sequential lacks for it. `description` says what the model is, `task` what it
    learns, `baseline_description` what the baseline has and lacks. `attempt_lines` are those of the nearest
    Sequential model; Keras refuses it with an error. `draw(seed, n, relatedness)` generates n samples in plain
    NumPy; it uses `relatedness` only if `has_relatedness` is True. A model is trained on the outputs that it has; a
    problem may have more. `score(predictions, targets)`, both by output name, is the `metric`: more is better.
    """

    question: str = "Is this model better than its baseline after the longer training?"
    options: tuple[str, ...] = tuple(ANSWERS.values())
    settings: type[Relatedness] = Relatedness
    evidence: type[TopologyResult] = TopologyResult
    measure: str = "backend.worker.topologies:measure"
    summary: str
    description: str
    task: str
    baseline_description: str
    model: Recipe
    baseline: Recipe
    attempt_lines: str
    draw: Callable[[int, int, float], Problem]
    metric: str
    score: Callable[[Mapping[str, np.ndarray], Mapping[str, np.ndarray]], float] = r2_of_last
    epochs: int = EPOCHS
    seeds: int = SEEDS
    has_relatedness: bool = False

    @property
    def attempt(self) -> str:
        """The source of the Sequential attempt with its imports."""
        return f"{IMPORTS}\n{self.attempt_lines}"

    @property
    def lengths(self) -> tuple[int, int]:
        """The epochs of the short and of the long training, each from fresh weights."""
        return self.epochs, LONGER * self.epochs

    def script(self, settings: Relatedness) -> str:
        """A script that trains both models with the same seeds, and prints the figures of the verdict."""
        constants = {
            "SAMPLES": SAMPLES, "BATCH": BATCH, "LENGTHS": self.lengths, "RELATEDNESS": settings.rho,
            "SEEDS": range(FIRST_SEED, FIRST_SEED + self.seeds), "OMITTED": bounds(self.seeds).omitted,
        }  # fmt: skip
        return write(self.model.text, self.baseline.text, self.draw, self.score, constants)

    def sentence(self, epochs: int, found: Gains) -> str:
        """What the seeds show after `epochs` epochs."""
        if found.finding == "no verdict":
            return f"After {epochs} epochs there is no verdict, because a score is NaN or infinite."
        compared = "shows no difference from" if found.finding == "no difference" else f"is {found.finding} than"
        return (
            f"After {epochs} epochs, “{self.model.title}” {compared} “{self.baseline.title}” in {self.metric}: median "
            f"gain {found.text(signed)}."
        )

    def judge(self, evidence: TopologyResult) -> Verdict:
        """The verdict after the longer training. The shorter one tells a better result from faster learning."""
        (epochs, first), (more, last) = ((each, evidence.scores[each].gains) for each in self.lengths)
        earlier = ANSWERS.get(first.finding, first.finding)
        why = f"{len(last.values)} seeds were trained. After {epochs} epochs, the finding was “{earlier}”. {METHOD}"
        return Verdict(ANSWERS.get(last.finding), self.sentence(more, last), why)


def standard(values: np.ndarray) -> np.ndarray:
    """`values` (n, units) scaled to mean 0 and standard deviation 1, as float32."""
    spread = values.std(axis=0)
    return np.asarray((values - values.mean(axis=0)) / np.where(spread > 0, spread, 1.0), np.float32)
