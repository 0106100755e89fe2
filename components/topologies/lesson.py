"""What a step of a lesson shows of Topologies: each topology is a panel by its key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backend.experiment.url import Query
from backend.jobs.messages import SharedPayload
from backend.lessons import Step
from backend.questions.topologies import TOPOLOGIES
from backend.questions.topologies.job import TopologyInspection, TopologyInspectJob
from backend.rooms.parts import Part
from backend.services import services
from components import layer_graph
from components.investigations.panel import Panel
from components.investigations.parts import code
from components.session.visitor import visitor
from components.text import for_markdown
from components.topologies.panel import excerpt, reason, show_built


class TopologiesPanel(Panel):
    """What Keras does with the model and with the Sequential attempt."""

    title = "Topologies"

    def payloads(self, step: Step) -> Sequence[SharedPayload]:
        return [TopologyInspectJob(topology=key) for key in step.block.show]

    def draw(self, name: str, step: Step) -> None:
        show_built(TOPOLOGIES[name])

    def finding(self, step: Step) -> str:
        found: TopologyInspection | None = services().shared.result(
            TopologyInspectJob(topology=step.block.show[0]), visitor()
        )
        if found is None:
            return ""
        if found.error is None:
            return "This version of Keras builds the Sequential attempt without an error."
        return f"Keras refuses the Sequential attempt: {for_markdown(reason(found.error), 160)}"

    def query(self, name: str) -> Query:
        return {"topology": [name]}

    def parts(self, step: Step, results: Sequence[Any], explained: bool, wall: bool) -> list[Part]:
        built = zip(step.block.show, results, strict=True)
        return [part for key, found in built for part in _inspected(key, found, wall)]


def _inspected(key: str, found: TopologyInspection, wall: bool) -> list[Part]:
    drawn = layer_graph.drawn(found.graph, f"Keras's layer graph of “{TOPOLOGIES[key].title}”", wall)
    built = f"**Functional** ✓ builds it with {found.parameters:,} parameters."
    if found.error is None:
        attempt: tuple[str, ...] = ("**Sequential** ✓ builds the nearest model.",)
    else:
        attempt = (f"**Sequential** ✗ fails: {reason(found.error)[: 300 if wall else 200]}",)
        attempt += () if wall else (code(excerpt(found.error)),)
    return [Part((built,), drawn), Part(attempt)]
