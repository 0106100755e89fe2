"""The panels that a lesson may show: parts of the real pages, each a function of the step's experiment.

`backend/lessons/vocabulary.py` names them for the parser of lessons.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from backend.experiment import Experiment
from backend.lessons.vocabulary import PANELS as NAMES
from backend.lessons.vocabulary import PageName
from backend.questions.claims import CLAIMS
from backend.questions.topologies import TOPOLOGIES
from components import diagram
from components.claims import card
from components.compare import models
from components.learn import lab, measured
from components.topologies import panel as topology_panel
from components.train import answer, outcome, ratio, sequences
from components.train.run import RunView, ShownRun

Draw = Callable[[Experiment], None]


def _run_panel(draw: Callable[[RunView], None]) -> Draw:
    """A panel of the experiment's training, once it has ended."""

    def draw_run(experiment: Experiment) -> None:
        now = measured.run(experiment)
        if now is not None and now.epochs:
            draw(now)

    return draw_run


def _diagram(experiment: Experiment) -> None:
    diagram.show(experiment, key="learn.diagram")


def _ratio(now: RunView) -> None:
    ratio.show(now.experiment, now.keyed_epochs)


def _claim(key: str, experiment: Experiment) -> None:
    if claim_verdict := measured.claim_verdict(key, experiment):
        card.show_verdict(CLAIMS[key], experiment, claim_verdict)


def _topology(key: str, experiment: Experiment) -> None:
    topology_panel.show_built(TOPOLOGIES[key])


def _lab(name: str, experiment: Experiment) -> None:
    lab.show(name)


def _lab_picture(name: str, experiment: Experiment) -> None:
    lab.show(name, finding=False)


#: Every panel by page and name. A mistake is drawn with its step (`step.py`), which knows the scripts of an author.
PANELS: Mapping[tuple[PageName, str], Draw] = {
    ("compare", "diagram"): _diagram,
    ("compare", "code"): models.sources,
    ("compare", "graph"): partial(models.show, view="graph"),
    ("compare", "summary"): partial(models.show, view="summary"),
    ("compare", "parameters"): partial(models.show, view="parameters"),
    ("train", "sequences"): sequences.show,
    ("train", "answer"): _run_panel(lambda now: answer.show(ShownRun(now))),
    ("train", "totals"): _run_panel(partial(outcome.totals, log=True)),
    ("train", "ratio"): _run_panel(_ratio),
    ("train", "tasks"): _run_panel(partial(outcome.tasks, log=True)),
    ("train", "player"): _run_panel(outcome.show_player),
    **{("claims", key): partial(_claim, key) for key in NAMES["claims"]},
    **{("topologies", key): partial(_topology, key) for key in NAMES["topologies"]},
    **{("lab", name): partial(_lab, name) for name in NAMES["lab"]},
}
#: What a visitor sees of a panel before the verdict, if the panel itself gives one.
BEFORE_VERDICT: Mapping[tuple[PageName, str], Draw] = {
    ("lab", name): partial(_lab_picture, name) for name in NAMES["lab"]
}
