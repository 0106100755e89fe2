"""A saved run in words: its name and its result."""

from __future__ import annotations

import re
from functools import lru_cache

from backend.experiment import Experiment
from backend.experiment.differences import differences
from backend.experiment.presets import PRESETS, THREAD
from backend.experiment.sides import side_titles
from backend.training.store import SavedRun
from backend.words import ago, counted, short, shortened
from components.text import for_markdown

_EPOCHS = re.compile(r"epochs \d+")
#: The most settings that describe a run without a name.
_MOST_SETTINGS = 4


def name(entry: SavedRun) -> str:
    """The visitor's name for the run, else its preset, else how it differs from the thread's network; as plain text."""
    return entry.name or _settings_words(entry.experiment)


def result(entry: SavedRun) -> str:
    """Total losses, epochs and time in one line of Markdown."""
    summary = entry.summary
    parts = [_losses(entry), ago(entry.at)]
    if entry.name:
        parts.insert(0, for_markdown(_settings_words(entry.experiment)))
    if summary.stopped:
        parts.append(for_markdown(summary.stopped.partition(". ")[0].rstrip(".")))
    return " · ".join(parts)


def _losses(entry: SavedRun) -> str:
    summary = entry.summary
    if not summary.epochs:
        return "No epoch ended"
    totals = summary.validation or summary.totals
    losses = ", ".join(
        f"{title} {short(loss, 3)}" for title, loss in zip(side_titles(*summary.styles), totals, strict=True)
    )
    epochs = min(summary.epochs, entry.experiment.training.epochs)  # earlier versions counted those of all seeds
    return f"Total {'validation' if summary.validation else 'training'} loss after {counted(epochs, 'epoch')}: {losses}"


@lru_cache(maxsize=1024)
def _settings_words(experiment: Experiment) -> str:
    """The name of a preset, or how the experiment differs from the thread's network, without the number of epochs.

    The line of the losses has that number.
    """
    preset = next((title for title, each in PRESETS.items() if each.key() == experiment.key()), None)
    words = [each for each in differences(experiment, Experiment()) if not _EPOCHS.fullmatch(each)]
    text = preset or shortened(words, _MOST_SETTINGS) or THREAD
    return text[0].upper() + text[1:]
