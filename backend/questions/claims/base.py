"""What a claim is: a sentence about Keras, and how measured evidence gives a verdict on it for a visitor's settings."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar

from pydantic import BaseModel

from backend.experiment import Experiment
from backend.experiment.losses import LOSSES
from backend.experiment.styles import STYLES, why_not_fused
from backend.experiment.styles.base import IMPORTS, function
from backend.questions import base as investigations
from backend.questions.base import Question
from backend.questions.pictures import Picture, Table

Kind = Literal["true", "false", "undecided", "not applicable"]
Source = Literal["the question", "the first answer", "the second answer", "the third answer", "Two Heads"]

_NOT_APPLICABLE = "Not applicable, because "
#: A cell that holds one number, perhaps with a unit; also an empty one.
_NUMBER = re.compile(r"([−±]?\d[\d,.]*( × 10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?( ?(%|ms|s))?|NaN or infinite|–|)")


E = TypeVar("E", bound=BaseModel)


#: Marks at the beginning of a table's cell. A word follows each: colour and form alone say nothing to some readers.
YES, NO, UNSURE, CAREFUL = "✓", "✗", "?", "!"


def yes_no(answer: bool) -> str:
    """The cell of a table for yes or no."""
    return f"{YES} yes" if answer else f"{NO} no"


@dataclass(frozen=True)
class ClaimVerdict(investigations.Verdict):
    """The result of testing a claim.

    `kind` judges the claim's statement, and is shown only beside it. `figure` is the number in the answer to the
    claim's question (`Claim.replies`). The words call a head by its name, never by its label. `picture` shows the
    result at a glance. `code` is shown in place of the claim's code if the code depends on the evidence.
    """

    kind: Kind = field(kw_only=True)
    figure: str = ""
    picture: Picture | None = None
    code: str = ""

    @property
    def finding_after_badge(self) -> str:
        """The finding, to be shown after the badge. For a claim that is not applicable, it is the reason alone."""
        reason = self.finding.removeprefix(_NOT_APPLICABLE)
        return reason[:1].upper() + reason[1:]


@dataclass(frozen=True, kw_only=True)
class Claim(Question[Experiment, E]):
    """A claim about the visitor's experiment, and how it is tested.

    `title` is its question in a few words. `question` asks it in full: the visitor predicts one of `options` before the
    verdict is shown. `replies` answer the title, one for each option; `{}` in a reply stands for the verdict's figure.
    Nothing that tells the answer is shown before the prediction. So `statement` is shown only after it: it retells, in
    our own words, the sentence of `source` that the verdict calls true or false with the visitor's settings.
    `inapplicable_reason(experiment)` says why the claim cannot be tested on it, or is None.
    `code(experiment)` is the claim's script: Keras that contains only validated numbers, enums and identifiers.
    `test(experiment, evidence)` gives the verdict without its picture if the claim is applicable, and `draw` the
    picture. Without one, the verdict's table is the picture. Both are pure functions.

    The code contains every setting that the evidence depends on; `decided_by(experiment)` is what else decides the
    answer.
    If the claim has `choices` (key → title), nothing is measured: its `evidence` holds what the visitor chose.
    `page` is the path of the page that measures the claim in place of its card; empty for none.
    """

    settings: type[Experiment] = Experiment
    source: Source
    statement: str
    replies: tuple[str, ...]
    test: Callable[[Experiment, E], ClaimVerdict]
    draw: Callable[[Experiment, E], Picture | None] = lambda experiment, evidence: None
    inapplicable_reason: Callable[[Experiment], str | None] = lambda experiment: None
    decided_by: Callable[[Experiment], str] = lambda experiment: ""
    choices: Mapping[str, str] = field(default_factory=dict)
    page: str = ""

    @property
    def measured(self) -> bool:
        """Whether a worker measures the evidence."""
        return not self.choices

    def judge(self, settings: Experiment, evidence: E | None) -> ClaimVerdict:
        """The verdict on this experiment: "not applicable" with the reason if the claim cannot be tested.

        Only then may `evidence` be None. Otherwise this raises ValueError if it is missing.
        """
        reason = self.inapplicable_reason(settings)
        if reason:
            return ClaimVerdict(None, f"{_NOT_APPLICABLE}{reason}.", "", kind="not applicable")
        if evidence is None:
            raise ValueError(f"claim {self.number} cannot be judged without evidence")
        verdict = self.test(settings, evidence)
        table = Table(verdict.table) if verdict.table else None
        return replace(verdict, picture=self.draw(settings, evidence) or table)


def badge(claim: Claim[Any], verdict: ClaimVerdict) -> str:
    """The answer to the claim's title in a few words: "no, 5.4% wider". If no option is right, it says so."""
    if verdict.answer is None:
        return "none of the options" if verdict.kind in ("true", "false") else verdict.kind
    return claim.replies[claim.options.index(verdict.answer)].format(verdict.figure)


def judged(claim: Claim[Any], verdict: ClaimVerdict) -> str:
    """The statement of the claim, and whether it is true with the settings of the verdict, in Markdown."""
    source = f"**{claim.source[0].upper()}{claim.source[1:]} says:** {claim.statement}"
    if verdict.kind == "not applicable":
        return source
    return f"{source}  \n**{verdict.kind.capitalize()}** with these settings."


def number_columns(table: Sequence[Mapping[str, str]]) -> list[str]:
    """The columns of a verdict's table that hold nothing but numbers, to be aligned on the right."""
    keys = list(table[0]) if table else []
    return [key for key in keys if all(_NUMBER.fullmatch(row[key]) for row in table) and any(row[key] for row in table)]


def needs_fused(experiment: Experiment) -> str | None:
    """Why the thread's comparison cannot be made (one head, or heads that cannot share a layer); None if it can."""
    if len(experiment.architecture.heads) == 1:
        return "a single head is one output in every style, so there is nothing to compare"
    return why_not_fused(experiment.architecture)


def script(experiment: Experiment, lines: str, styles: tuple[str, ...] = ("sequential", "functional")) -> str:
    """Keras source that defines a function for each style, then `lines`: a claim's `code`."""
    parts = [("import numpy as np\n" if "np." in lines else "") + IMPORTS]
    parts += [function(key, STYLES[key].write(experiment.architecture)) for key in dict.fromkeys(styles)]
    return "\n\n".join([*parts, f"{lines.rstrip()}\n"])


def supporting_styles(experiment: Experiment) -> tuple[str, ...]:
    """The keys of the styles that can express the visitor's architecture."""
    return tuple(key for key, style in STYLES.items() if not style.unsupported_reason(experiment.architecture))


def x_line(experiment: Experiment, batch: int = 32) -> str:
    """A line of source that makes random sequences in the shape of the visitor's input."""
    architecture = experiment.architecture
    shape = f"({batch}, {architecture.timesteps}, {architecture.features})"
    return f'x = np.random.default_rng(0).normal(size={shape}).astype("float32")'


def targets(experiment: Experiment, n: int) -> str:
    """Lines that make `heads`, a list of random targets (n, units), and `y`, the same as columns of one array."""
    heads = experiment.architecture.heads
    random = ", ".join(LOSSES[head.loss].random_targets.format(n=n, units=head.units) for head in heads)
    return f"rng = np.random.default_rng(1)\nheads = [{random}]\ny = np.concatenate(heads, axis=1)"


def assign_dict(name: str, entries: Mapping[str, str]) -> str:
    """Lines that assign a dict to `name`. The values of `entries` are source."""
    lines = "".join(f'    "{key}": {value},\n' for key, value in entries.items())
    return f"{name} = {{\n{lines}}}"
