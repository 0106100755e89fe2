"""A run as one HTML file with live charts. It needs no network: Plotly's script is part of it."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterable
from html import escape

import plotly.graph_objects as go
import plotly.io

from backend.experiment import Experiment
from backend.experiment.differences import settings_of
from backend.experiment.sides import side_titles, sources
from backend.training.export.link import app_address, link_sentence
from backend.training.finding import answer
from backend.training.result import Run
from backend.words import counted, short
from components.charts.figure import SerializedFigure
from components.theme import PLOTLY_CONFIG
from components.train import curves, levels

_LOOK = """
body { font: 16px/1.5 system-ui, sans-serif; color: #0f1620; background: #fff; max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem }
table { border-collapse: collapse } td, th { text-align: left; padding: 0.15rem 1rem 0.15rem 0;
  border-bottom: 1px solid #d6dae0 }
pre { background: #f3f5f7; padding: 0.75rem; overflow-x: auto; font-size: 0.85rem }
"""
#: Streamlit's Markdown in a chart's title, such as a coloured chip.
_MARKDOWN = re.compile(r":\w+\[(.*?)\](\{.*?\})?|\\(?=\W)")


def report(run: Run, page_url: str | None, name: str = "", link: str = "") -> str:
    """The HTML page: answer, charts, settings, the source of the models, and the link to the run or the experiment.

    `page_url` is the address of the page, as for scripts (`link_sentence`). `link` is the address of a saved run,
    relative to that of the app. Labels and `name` are escaped.
    """
    experiment = run.experiment
    title = name or f"{' and '.join(side_titles(*run.styles))} on the same sequences"
    day = time.strftime("%Y-%m-%d")
    parts = [
        f"<h1>{escape(title)}</h1>",
        f"<p><strong>{escape(answer(experiment, run.epochs, run.stopped))}</strong></p>",
        f"<p>{_trained(run)}. Report of {day}. {escape(run.software)}.</p>",
        *_charts(run),
        "<h2>Settings</h2>",
        _table(settings_of(experiment).items()),
        *(part for title, source in sources(experiment).items() for part in _source(title, source)),
        f"<p>{_back_link(experiment, page_url, link)}</p>",
    ]
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_LOOK}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{"".join(parts)}</body></html>'


def _trained(run: Run) -> str:
    """How many epochs each seed has trained, and for how long; without a full stop."""
    if not run.epochs:
        return "No epoch ended"
    ran = sorted(Counter(epoch.seed for epoch in run.epochs).values())
    words = counted(ran[-1], "epoch") if ran[0] == ran[-1] else f"{ran[0]} to {ran[-1]} epochs"
    each = f" with each of {len(ran)} seeds" if len(ran) > 1 else ""
    return f"{words}{each}, {short(run.timings.train, 3)} s of training"


def _back_link(experiment: Experiment, page_url: str | None, link: str) -> str:
    """The sentence with the link to the run or the experiment, as HTML."""
    base = app_address(page_url)
    saved = f"Open this run in Two Heads: {base}/{link}" if link and base else ""
    words, _, address = (saved or link_sentence(experiment, page_url)).rpartition(" ")
    escaped = escape(address)
    return f"{escape(words)} " + (f'<a href="{escaped}">{escaped}</a>' if address.startswith("http") else escaped)


def _charts(run: Run) -> Iterable[str]:
    epochs, last = run.epochs, run.experiment.training.epochs
    yield _chart(
        curves.total(epochs, run.styles, True, last=last, ended=True, levels=levels.of_total(run.experiment)),
        first=True,
    )
    for position, head in enumerate(run.experiment.architecture.heads):
        yield _chart(
            curves.task(
                epochs, run.styles, head, position, True, last=last, levels=levels.of_task(run.experiment, head.name)
            )
        )


def _chart(figure: go.Figure, first: bool = False) -> str:
    """A chart below its title. The first one brings Plotly's script."""
    heading = escape(_MARKDOWN.sub(r"\1", str(figure.layout.meta or "")))
    plain = SerializedFigure(figure).to_dict()  # without a template, as on a page
    drawn = plotly.io.to_html(plain, config=PLOTLY_CONFIG, include_plotlyjs=first, full_html=False, validate=False)
    return f"<h2>{heading}</h2>{drawn}"


def _table(rows: Iterable[tuple[str, str]]) -> str:
    cells = "".join(f"<tr><th>{escape(title)}</th><td>{escape(value)}</td></tr>" for title, value in rows)
    return f"<table>{cells}</table>"


def _source(title: str, source: str) -> Iterable[str]:
    yield f"<h2>{escape(title)} in Keras</h2>"
    yield f"<pre>{escape(source)}</pre>"
