"""The mistake that a step shows: one of ours, or that of the lesson's author."""

from __future__ import annotations

from pathlib import Path

from backend.lessons.lesson import Step
from backend.questions.mistakes import MISTAKES, Mistake, own
from backend.questions.mistakes.own import NoScripts


def bundled(step: Step) -> Mistake | None:
    """The mistake of ours that the step shows; None if it shows something else."""
    return MISTAKES[step.block.show[0]] if step.shows_our_mistake else None


def mistake_of(step: Step, folder: Path | None, allowed: Path | None) -> Mistake | None:
    """The mistake of the step; None if it shows something else, or scripts that cannot be run.

    `folder` is that of the lesson, and `allowed` the one whose scripts the operator allows.
    """
    try:
        return bundled(step) or _own(step, folder, allowed)
    except NoScripts:
        return None


def refusal(step: Step, folder: Path | None, allowed: Path | None) -> str:
    """Why the scripts of the step's author are not run, in a sentence; empty if they are, or if there are none."""
    try:
        _own(step, folder, allowed)
    except NoScripts as reason:
        return str(reason)
    return ""


def _own(step: Step, folder: Path | None, allowed: Path | None) -> Mistake | None:
    """The mistake of the lesson's author; None if the step has none. Raises NoScripts."""
    if not step.block.scripts:
        return None
    texts = tuple(option.text for option in step.options)
    ticked = next(option.text for option in step.options if option.right)
    return own.load(step.block.scripts, folder, allowed, step.title, texts, ticked)
