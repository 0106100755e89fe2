"""Claim 12: which style should I use? An advisor that reads the architecture and the visitor's needs."""

from __future__ import annotations

from backend.experiment import Experiment
from backend.experiment.styles import STYLES
from backend.questions.base import Measured
from backend.questions.claims.advice import NEEDS, advise
from backend.questions.claims.base import Claim, Verdict
from backend.questions.pictures import Table


class Needs(Measured):
    """What the visitor needs: keys of `NEEDS`."""

    chosen: tuple[str, ...] = ()


def proposition(experiment: Experiment) -> str:
    """The proposition, which is the same for all settings."""
    return "One style suits this network best, whatever you need."


def judge(experiment: Experiment, evidence: Needs) -> Verdict:
    """Whether any single need changes the advice; the finding and the table are about the chosen needs."""
    advice = advise(experiment, evidence.chosen)
    rows = [{"reason": reason.text, "evidence": reason.backing} for reason in advice.reasons]
    best = f"For your needs, {advice.sentence}" if evidence.chosen else f"Without a special need, {advice.sentence}"
    style = STYLES[advice.style_key]
    source = style.write(experiment.architecture) + _SUMMARY
    if len(_needs_by_style(experiment)) == 1:
        return Verdict(style.title, f"No need changes the advice. {best}", _WHY, rows, code=source, kind="true")
    return Verdict(_DEPENDS, f"It depends on what you need. {best}", _WHY, rows, code=source, kind="false")


def picture(experiment: Experiment, evidence: Needs) -> Table:
    """What each style suits best."""
    uses = _needs_by_style(experiment)
    return Table([{"style": STYLES[key].title, "best for": "; ".join(needs)} for key, needs in uses.items()])


def _needs_by_style(experiment: Experiment) -> dict[str, list[str]]:
    """Style key → what it suits best: no special need, or single needs."""
    uses = {advise(experiment, ()).style_key: ["no special need"]}
    for need, title in NEEDS.items():
        uses.setdefault(advise(experiment, [need]).style_key, []).append(title[0].lower() + title[1:])
    return uses


_DEPENDS = "none: it depends on the need"
_WHY = "The advice is our judgement. Its reasons follow, each with the claim or the file of Keras that it is about."
_SUMMARY = "model.summary()\n"


def code(experiment: Experiment) -> str:
    """The source of the style that is advised without a special need, and Keras's summary of the model."""
    return STYLES[advise(experiment, ()).style_key].write(experiment.architecture) + _SUMMARY


CLAIM = Claim(
    key="advisor",
    number=12,
    title="Is one style best for every need?",
    source="the question",
    statement="One of the two styles must be preferable here. (The first answer replies that it depends on the use.)",
    proposition=proposition,
    question="Which style suits this network best, whatever you need?",
    options=(*(style.title for style in STYLES.values()), _DEPENDS),
    replies=(*(f"yes, {style.title}" for style in STYLES.values()), "no, it depends on the need"),
    test=judge,
    draw=picture,
    code=code,
    evidence=Needs,
    choices=NEEDS,
)
