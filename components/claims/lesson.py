"""What a step of a lesson shows of Claims: each claim is a panel by its key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backend.experiment import Experiment
from backend.jobs.messages import SharedPayload
from backend.lessons import Step
from backend.questions.claims import CLAIMS, ClaimVerdict
from backend.questions.claims.job import ClaimJob
from backend.rooms.parts import Part
from backend.services import services
from components.claims import card
from components.investigations.panel import Panel
from components.investigations.parts import claim_jobs, of_claims
from components.session.visitor import visitor


class ClaimsPanel(Panel):
    """The verdict on each claim."""

    title = "Claims"

    def payloads(self, step: Step) -> Sequence[SharedPayload]:
        return claim_jobs(step.block.show, step.experiment)

    def draw(self, name: str, step: Step) -> None:
        if verdict := _verdict(name, step.experiment):
            card.show(card.Card(CLAIMS[name], verdict=verdict), step.experiment, alone=True)

    def finding(self, step: Step) -> str:
        verdict = _verdict(step.block.show[0], step.experiment)
        return verdict.finding if verdict else ""

    def parts(self, step: Step, results: Sequence[Any], explained: bool, wall: bool) -> list[Part]:
        return of_claims(step.block.show, step.experiment, results, explained)


def _verdict(key: str, experiment: Experiment) -> ClaimVerdict | None:
    """The verdict on a claim; None if it can be tested on the experiment and has not been measured yet."""
    job = ClaimJob.of(CLAIMS[key], experiment)
    evidence: Any = None if job.refusal() else services().shared.result(job, visitor())
    return CLAIMS[key].judge(experiment, evidence) if evidence is not None or job.refusal() else None
