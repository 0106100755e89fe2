"""Writes an experiment as a Jupyter notebook: the script cell by cell, and a plot of its curves."""

from __future__ import annotations

from backend.experiment import Experiment
from backend.experiment.sides import titles_of
from backend.scripts.notebooks import code, words, written
from backend.training.export.link import link_sentence
from backend.training.export.script import ROUND_OFF, Section, sections, summary


def notebook(
    experiment: Experiment, page_url: str | None = None, colours: tuple[str, str] = ("tab:green", "tab:purple")
) -> str:
    """The experiment as nbformat 4 JSON.

    `page_url` is the address of the page, for a link back to the experiment. `colours` are Matplotlib's names or
    #rrggbb of the colours in which the left and the right style are plotted.
    """
    head = ["# Two heads", summary(experiment), ROUND_OFF, link_sentence(experiment, page_url), _NEEDS]
    cells = [words("\n\n".join(head))]
    for section in [*sections(experiment), _plot(experiment, colours)]:
        cells += [words(f"## {section.title}"), code(section.code)]
    return written(cells)


_NEEDS = "It needs keras, tensorflow and numpy, and matplotlib for the plot."


def _plot(experiment: Experiment, colours: tuple[str, str]) -> Section:
    """A cell that plots the totals which the cell above it has kept. Without Matplotlib it says what it needs."""
    left, right = titles_of(experiment)
    return Section("Plot the curves", _PLOT.format(left=left, right=right, colours=colours))


_PLOT = """
try:
    import matplotlib.pyplot as plt
except ImportError:
    print("The plot needs matplotlib: pip install matplotlib")
else:
    figure, axes = plt.subplots(figsize=(8, 4.5))
    for seed in SEEDS:
        rows = np.array([row for row in curves if row[0] == seed])
        lines = [
            (2, "{left}", "{colours[0]}", "-"),
            (3, "{right}", "{colours[1]}", "--"),
            (4, "{left}, validation", "{colours[0]}", ":"),
            (5, "{right}, validation", "{colours[1]}", "-."),
        ]
        for column, name, color, style in lines:
            if np.isfinite(rows[:, column]).any():
                axes.plot(rows[:, 1], rows[:, column], style, color=color, label=name if seed == SEEDS[0] else None)
    totals = np.array(curves)[:, 2:]
    if (totals[np.isfinite(totals)] > 0).all():
        axes.set_yscale("log")
    axes.set(xlabel="epoch", ylabel="total loss", title="Total loss by epoch")
    axes.legend()
    plt.show()
"""
