"""What a mistake is: a script that goes wrong, a question about it, the mended script, and how both are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Generic, TypeVar

from backend.questions import base as investigations
from backend.questions.base import Measured
from backend.words import short

#: The option of a question that says that the script raises an exception.
RAISES = "Keras raises an error"
#: The most characters of a line of a script: what fits into a column of a page without scrolling.
WIDEST = 80
#: The most characters that are kept of what a script prints, and of the first line of its exception.
MOST_PRINTED, MOST_MESSAGE = 4000, 300


class History(Measured):
    """Evidence that is the `history` of a `fit`: the values of each loss, one for each epoch."""

    history: dict[str, tuple[float, ...]]

    def last(self, name: str = "loss") -> float:
        """The loss of that name in the last epoch."""
        return self.history[name][-1]


#: Samples of one batch. An epoch is then one step, and `fit` logs the loss at the initial weights.
ONE_BATCH = 32


class Weighted(History):
    """The logged losses, and the loss of one head at the initial weights: `plain`, and with weights of its samples."""

    plain: float
    weighted: float


E = TypeVar("E", bound=Measured)


@dataclass(frozen=True)
class Raised:
    """The exception that ended a script: its type, and the first line of its message."""

    type: str
    message: str

    @classmethod
    def of(cls, error: Exception) -> Raised:
        """The type of `error`, and the first line of its message."""
        lines = str(error).strip().splitlines() or [""]
        return cls(type(error).__name__, _bounded(lines[0], MOST_MESSAGE))


@dataclass(frozen=True)
class Ran(Generic[E]):
    """A script that was executed: what it printed, and its variables, or the exception that ended it."""

    printed: str
    values: E | None = None
    raised: Raised | None = None

    @property
    def output(self) -> str:
        """What the script printed, with the exception below it, as a person sees it."""
        parts = [self.printed.rstrip()]
        if self.raised is not None:
            parts.append(f"{self.raised.type}: {self.raised.message}")
        return "\n".join(part for part in parts if part)


@dataclass(frozen=True)
class Evidence(Generic[E]):
    """Both scripts of a mistake, executed."""

    broken: Ran[E]
    mended: Ran[E]


@dataclass(frozen=True)
class Reading:
    """What one executed script shows: the option that it gives (or None), a sentence, and whether something is wrong.

    `finding` is Markdown made of our own words and measured numbers.
    """

    answer: str | None
    finding: str
    wrong: bool


@dataclass(frozen=True)
class Verdict(investigations.Verdict):
    """What the evidence says about a mistake: `answer`, `finding` and `why` are about the script that goes wrong.

    `happens` says whether this version of Keras still gives the ticked option. `mended` says whether nothing is wrong
    with the mended script, and `mended_finding` says what was measured in it.
    """

    happens: bool = field(kw_only=True)
    mended: bool = field(kw_only=True)
    mended_finding: str = field(kw_only=True)


@dataclass(frozen=True, kw_only=True)
class Mistake(Generic[E]):
    """A mistake that people make with several outputs.

    The visitor sees `key`, `title`, `question`, `options` and `broken` before they predict an option, so none of them
    may tell the answer. Each wrong option is what learners really believe; `misconceptions` names each belief, in the
    order of the options, with "" for the ticked one. `ticked` is the one that Keras 3.15 gives; the measurement
    decides. `broken` and `mended` are complete scripts of our own text that need Keras and NumPy alone.
    `symptom` is what a person sees of the mistake, `why` the reason, and `remedy` what the mended script does; all
    three are Markdown. `read(values, printed)` reads either script if it ended without an exception; it is a pure
    function. A worker reads each field of `evidence` from the script's variable of that name.
    """

    key: str
    number: int
    title: str
    question: str
    options: tuple[str, ...]
    misconceptions: tuple[str, ...]
    ticked: str
    broken: str
    symptom: str
    why: str
    remedy: str
    mended: str
    evidence: type[E]
    read: Callable[[E, str], Reading]

    def reading(self, ran: Ran[E]) -> Reading:
        """What one of the two scripts shows."""
        if ran.values is not None:
            return self.read(ran.values, ran.printed)
        raised = ran.raised or Raised("Exception", "")
        finding = f"The error is a `{raised.type}`."
        return Reading(RAISES if RAISES in self.options else None, finding, wrong=True)

    def judge(self, evidence: Evidence[E]) -> Verdict:
        """The verdict: what the broken script does, why, and whether the mended script is mended. A pure function."""
        broken, mended = self.reading(evidence.broken), self.reading(evidence.mended)
        happens = broken.answer == self.ticked
        return Verdict(
            answer=broken.answer,
            finding=broken.finding if happens else f"{broken.finding} {NO_LONGER}",
            why=self.why if happens else f"{EARLIER} {self.why}",
            happens=happens,
            mended=not mended.wrong,
            mended_finding=mended.finding,
        )


def deciding_lines(script: str, other: str) -> str:
    """The lines in which a script differs from the `other`, with their neighbours; “…” stands for the rest."""
    lines = script.splitlines()
    kept: set[int] = set()
    for tag, first, end, _, _ in SequenceMatcher(None, lines, other.splitlines(), autojunk=False).get_opcodes():
        if tag != "equal":
            kept |= {i for i in range(first - 1, end + 1) if 0 <= i < len(lines) and lines[i].strip()}
    shown, last = [], -1
    for i in sorted(kept):
        if any(lines[between].strip() for between in range(last + 1, i)):
            shown.append("…")
        shown.append(lines[i])
        last = i
    return "\n".join([*shown, *(["…"] if any(line.strip() for line in lines[last + 1 :]) else [])])


NO_LONGER = "This version of Keras no longer does what the mistake is about."
EARLIER = "Keras 3.15 did."


def number(value: float) -> str:
    """A measured number as text, with three significant digits."""
    return short(value, 3)


def is_close(a: float, b: float, within: float = 1e-3) -> bool:
    """Whether two losses differ by at most the share `within` of the larger one. NaN is close to nothing."""
    return abs(a - b) <= within * max(abs(a), abs(b), 1e-6)


def data(samples: int = 128) -> str:
    """The first lines of each script: imports, seed, and two targets that are linear in the input."""
    return f"""\
import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(0)
x = np.random.default_rng(0).normal(size=({samples}, 4)).astype("float32")
trend = x[:, 3:] - x[:, :1]
level = x.mean(axis=1, keepdims=True)
"""


#: The layers that the heads share.
TRUNK = """
inputs = keras.Input(shape=(4,))
hidden = layers.Dense(8, name="trunk")(inputs)
"""
#: A head for each target, and the model.
HEADS = """\
outputs = [
    layers.Dense(1, name="trend")(hidden),
    layers.Dense(1, name="level")(hidden),
]
model = keras.Model(inputs, outputs)
"""
#: Lines that print the last value of each loss.
PRINT_LOSSES = """\
for name, values in history.items():
    print(f"{name}: {values[-1]:.3f}")
"""


def script(*parts: str) -> str:
    """A complete script: data, trunk and both heads, then `parts`."""
    return data() + TRUNK + HEADS + "\n" + "".join(parts)


def fit(y: str = "[trend, level]", *options: str) -> str:
    """Lines that train the model on `x` and `y` and keep the `history`. Batches keep their order."""
    arguments = ", ".join(("x", y, *options, "shuffle=False", "verbose=0"))
    line = f"history = model.fit({arguments}).history\n"
    return line if len(line) <= WIDEST else f"history = model.fit(\n    {arguments}\n).history\n"


def _bounded(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def bounded_output(text: str) -> str:
    """What a script printed; beyond `MOST_PRINTED` characters, “…” replaces the rest."""
    return _bounded(text, MOST_PRINTED)
