"""What a claim is: a sentence of the thread in our own words, and how measured evidence becomes a verdict."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from backend.experiment import Experiment
from backend.experiment.styles import STYLES, why_not_fused
from backend.experiment.styles.base import IMPORTS

Kind = Literal["true", "true if", "false", "within noise", "cannot tell", "does not apply"]
Source = Literal["the question", "the first answer", "the second answer", "the third answer", "the small print"]
Evidence = Mapping[str, Any]


class Measured(BaseModel):
    """Base of a claim's evidence as a type: immutable, no unknown fields. A number may be NaN or infinite."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True)
class Chart:
    """A small chart as data. `series` are named rows of y values over `x`; `marks` are named vertical lines.

    A value of `steps` holds up to the next x.
    """

    kind: Literal["bars", "lines", "steps"]
    x: Sequence[float | str]
    series: Mapping[str, Sequence[float]]
    x_title: str = ""
    y_title: str = ""
    log: bool = False
    marks: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """What came of a claim: the verdict, the finding with its number, why, and the evidence to show.

    `finding` and `why` are Markdown made of our own words and numbers; a head enters by its name, never its label.
    `table` rows share their keys.
    """

    kind: Kind
    finding: str
    why: str
    table: Sequence[Mapping[str, str]] = ()
    chart: Chart | None = None


@dataclass(frozen=True)
class Claim:
    """One sentence of the thread and its experiment.

    `statement` tells it in our own words; `question` wants a prediction, one of `options`, before the verdict is shown.
    `inapplicable_reason(experiment)` gives the reason why the claim does not apply, or None. `code(experiment)` is Keras that
    anyone can paste to check it: it holds validated numbers, enums and identifiers alone, and prints the figures that
    the verdict quotes. `judge(experiment, evidence)` is a pure function.

    `evidence` is the type of what is measured. A worker executes `code` and reads each field of `evidence` from the
    variable of that name. Where `evidence` is None, `backend.worker.claims.<key>.measure(experiment, context)`
    measures, and its file says why. Where `measured` is False, nothing is measured: `choices` (key → title) are
    offered, and `evidence["chosen"]` has those taken.
    """

    key: str
    number: int
    title: str
    source: Source
    statement: str
    question: str
    options: tuple[str, ...]
    judge: Callable[[Experiment, Any], Verdict]
    code: Callable[[Experiment], str]
    evidence: type[Measured] | None = None
    inapplicable_reason: Callable[[Experiment], str | None] = lambda experiment: None
    measured: bool = True
    choices: Mapping[str, str] = field(default_factory=dict)


def verdict(claim: Claim, experiment: Experiment, evidence: Measured | Evidence) -> Verdict:
    """The verdict of `claim` on this experiment; "does not apply" with the reason where it does not."""
    reason = claim.inapplicable_reason(experiment)
    if reason:
        return Verdict("does not apply", f"Does not apply, because {reason}.", "")
    return claim.judge(experiment, evidence)


def needs_fused(experiment: Experiment) -> str | None:
    """Why the thread's comparison cannot be made: the heads cannot share one output, or there is but one."""
    if len(experiment.architecture.heads) == 1:
        return "one head is one output in every style, so there is nothing to compare"
    return why_not_fused(experiment.architecture)


def both(experiment: Experiment, *lines: str, styles: tuple[str, ...] = ("sequential", "functional")) -> str:
    """Keras source that defines a function for each style, then `lines`: a claim's `code`."""
    parts = [("import numpy as np\n" if any("np." in line for line in lines) else "") + IMPORTS]
    for key in dict.fromkeys(styles):
        body = STYLES[key].write(experiment.architecture).removeprefix(IMPORTS).strip()
        parts.append(f"def {key}():\n{textwrap.indent(body, '    ')}\n    return model\n")
    return "\n\n".join(parts) + "\n\n" + "\n".join(lines) + "\n"


def able_styles(experiment: Experiment) -> tuple[str, ...]:
    """The keys of the styles that can write the visitor's architecture."""
    return tuple(key for key, style in STYLES.items() if not style.unsupported_reason(experiment.architecture))


def x_line(experiment: Experiment, batch: int = 32) -> str:
    """A line of source that makes random sequences in the shape of the visitor's input."""
    architecture = experiment.architecture
    shape = f"({batch}, {architecture.timesteps}, {architecture.features})"
    return f'x = np.random.default_rng(0).normal(size={shape}).astype("float32")'
