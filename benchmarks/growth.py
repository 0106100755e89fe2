"""How the time of a step grows with heads, LSTM units, timesteps and visitors: in each way to train.

A figure is the milliseconds of one step of both styles: the training alone, without building and compiling. Visitors
train at the same moment, each in a process of their own, and the figure is the mean of theirs.

`python -m benchmarks.growth` draws `docs/growth.png` from the stored figures.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from backend.experiment import Experiment
from benchmarks import results
from benchmarks.training import Process
from harness.chromium import open_chromium
from harness.local import ROOT

SAMPLES, BATCH, EPOCHS = 512, 32, 8
GROWTH: dict[str, tuple[int, ...]] = {
    "heads": (1, 4, 16, 64),
    "units": (8, 32, 128),
    "timesteps": (4, 16, 64),
    "visitors": (1, 2, 4),
}
WAYS = {"fit": "model.fit", "first": "step by step", "second": "XLA program"}
_COLOURS = {"fit": "#7c8798", "first": "#1d4ed8", "second": "#b45309"}
PICTURE = ROOT / "docs" / "growth.png"


def measure() -> Iterator[tuple[str, float]]:
    """Milliseconds of a step, by what grows, its number, and the way to train."""
    with ExitStack() as stack:
        visitors = [
            [stack.enter_context(Process(kind)) for kind in ("fit_steps", "both")]
            for _ in range(max(GROWTH["visitors"]))
        ]
        _together(experiment(), visitors)  # the first model in a process takes longer
        for what, numbers in GROWTH.items():
            for number in numbers:
                setting = experiment() if what == "visitors" else experiment(**{what: number})
                seconds = _together(setting, visitors[: number if what == "visitors" else 1])
                for way in WAYS:
                    yield name(what, number, way), 1000 * seconds[way]


def name(what: str, number: int, way: str) -> str:
    """The key of a figure."""
    return f"step_ms_{number}_{what}_{way}"


def experiment(heads: int = 2, units: int = 32, timesteps: int = 10) -> Experiment:
    """The thread's network with another number of heads, LSTM units or timesteps."""
    settings: dict[str, Any] = {
        "architecture": {
            "timesteps": timesteps,
            "lstm": [units],
            "heads": [{"name": f"head_{i}", "task": "level"} for i in range(heads)],
        },
        "sequences": {"samples": SAMPLES},
        "training": {"batch": BATCH, "epochs": EPOCHS, "validation": 0},
    }
    return Experiment.model_validate(settings)


def _together(setting: Experiment, visitors: list[list[Process]]) -> dict[str, float]:
    """The mean seconds of visitors who train at the same moment: first all with `fit`, then all with the trainer."""
    means: dict[str, float] = {}
    with ThreadPoolExecutor(len(visitors)) as pool:
        for processes in zip(*visitors, strict=True):
            rows = list(pool.map(lambda process: process.measure(setting), processes))
            means |= {key: mean(row[key] for row in rows) for key in rows[0]}
    return means


def draw(figures: dict[str, float]) -> None:
    """Write the picture: a panel for each thing that grows, both axes logarithmic."""
    panels = make_subplots(1, len(GROWTH), subplot_titles=list(GROWTH), shared_yaxes=True, horizontal_spacing=0.03)
    for column, (what, numbers) in enumerate(GROWTH.items(), 1):
        for way, title in WAYS.items():
            y = [figures[name(what, number, way)] for number in numbers]
            line = go.Scatter(
                x=numbers, y=y, name=title, mode="lines+markers", showlegend=column == 1,
                line={"color": _COLOURS[way], "width": 3},
            )  # fmt: skip
            panels.add_trace(line, 1, column)
        panels.update_xaxes(type="log", tickvals=numbers, ticktext=list(map(str, numbers)), col=column)
    panels.update_yaxes(type="log", dtick=1, minor={"showgrid": True})
    panels.update_yaxes(title="ms for a step of both styles", col=1)
    panels.update_layout(
        template="plotly_white", width=1200, height=360, font={"size": 14}, margin={"l": 70, "r": 20, "t": 40, "b": 70},
        legend={"orientation": "h", "x": 0.5, "xanchor": "center", "y": -0.15},
    )  # fmt: skip
    with TemporaryDirectory() as folder, open_chromium() as browser:
        page_file = Path(folder) / "growth.html"
        panels.write_html(page_file, config={"displayModeBar": False})
        page = browser.new_page(viewport={"width": 1200, "height": 380})
        page.goto(page_file.as_uri())
        page.locator(".js-plotly-plot .main-svg").first.wait_for()
        page.locator(".js-plotly-plot").screenshot(path=PICTURE)


def rows(figures: dict[str, float]) -> Iterator[str]:
    """A line of text for each thing that grows and each way to train."""
    for what, numbers in GROWTH.items():
        for way in WAYS:
            values = ", ".join(f"{number}: {figures[name(what, number, way)]:.2f}" for number in numbers)
            yield f"{what:10} {WAYS[way]:12} {values} ms"


if __name__ == "__main__":
    stored = results.read("bench")
    print("\n".join(rows(stored)))
    draw(stored)
