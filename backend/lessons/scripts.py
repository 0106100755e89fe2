"""The mistake that a step shows: one of ours, or that of the lesson's author."""

from __future__ import annotations

from pathlib import Path

from backend.lessons.lesson import Step, StepBlock
from backend.questions.mistakes import MISTAKES, Mistake, own
from backend.questions.mistakes.base import deciding_lines, excerpt
from backend.questions.mistakes.own import NoScripts


def bundled(step: Step) -> Mistake | None:
    """The mistake of ours that the step shows; None if it shows something else."""
    return MISTAKES[step.block.show[0]] if step.shows_our_mistake else None


def find(step: Step, folder: Path | None, allowed: Path | None) -> tuple[Mistake | None, str]:
    """The mistake of the step, None if it shows something else; and in a sentence why its scripts are not run, or "".

    `folder` is that of the lesson, and `allowed` the one whose scripts the operator allows.
    """
    if not step.block.scripts:
        return bundled(step), ""
    texts = tuple(option.text for option in step.options)
    try:
        return own.load(step.block.scripts, folder, allowed, step.title, texts, step.options[step.right].text), ""
    except NoScripts as reason:
        return None, str(reason)


def lines_for_board(step: Step, mistake: Mistake) -> str:
    """The lines that the step's author has chosen of the script that goes wrong; otherwise those that are changed."""
    chosen = excerpt(mistake.broken, {number for each in step.block.line_ranges for number in each})
    return chosen or deciding_lines(mistake.broken, mistake.mended)


def missing_lines(block: StepBlock, mistake: Mistake) -> str:
    """A sentence if the block names lines that the script does not have; otherwise empty."""
    last = len(mistake.broken.splitlines())
    beyond = [number for each in block.line_ranges for number in each if number > last]
    return f"“lines” names line {beyond[0]}, but the script has {last} lines." if beyond else ""
