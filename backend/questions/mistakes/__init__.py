"""Mistakes with several outputs: a Markdown file for each in `mistakes/`, and the scripts of lessons' authors."""

from __future__ import annotations

from pathlib import Path

from backend.questions.mistakes.base import Mistake, MistakeEvidence, MistakeVerdict, Ran
from backend.questions.mistakes.reader import read

#: Every mistake by its key, the name of its file.
MISTAKES = {path.stem: read(path) for path in sorted((Path(__file__).parents[3] / "mistakes").glob("*.md"))}

__all__ = ["MISTAKES", "Mistake", "MistakeEvidence", "MistakeVerdict", "Ran"]
