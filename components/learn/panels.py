"""The panels that a lesson may show, by page. `backend/lessons/vocabulary.py` names them for the parser of lessons."""

from __future__ import annotations

from collections.abc import Mapping

from backend.experiment.url import Query, write_query
from backend.lessons import Step
from backend.lessons.vocabulary import PageName
from components.claims.lesson import ClaimsPanel
from components.compare.lesson import ComparePanel
from components.investigations.panel import Panel
from components.lab.lesson import LabPanel
from components.learn.mistake import MistakePanel
from components.topologies.lesson import TopologiesPanel
from components.train.lesson import TrainPanel

PANELS: Mapping[PageName, Panel] = {
    "compare": ComparePanel(),
    "train": TrainPanel(),
    "claims": ClaimsPanel(),
    "topologies": TopologiesPanel(),
    "lab": LabPanel(),
    "mistake": MistakePanel(),
}


def panel_of(step: Step) -> Panel:
    """The panels of the step's page."""
    return PANELS[step.block.page]


def page_query(step: Step) -> Query:
    """The query with which the step's page shows the step's experiment."""
    query = write_query(step.experiment) or {"seed": ["0"]}  # an empty query would change nothing
    return query | panel_of(step).query(step.block.show[0])
