"""All claims of the thread: the visitor predicts first, then sees the verdict with its evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import streamlit as st

from backend.claims import CLAIMS, Claim, Verdict, verdict
from backend.claims.advisor import Needs
from backend.claims.evidence import KIND
from backend.claims.report import report
from backend.experiment import Experiment
from backend.services import services
from components.claims import card
from components.live import interrupted
from components.live.job_status import waiting
from components.live.polling import first_unfinished, poll_while
from components.session import state
from components.session.visitor import visitor

_REVEALED = "claims.revealed"


def show(experiment: Experiment) -> None:
    """Draw the board as a fragment that polls while something is measured."""

    def draw() -> None:
        revealed = _revealed(experiment)
        verdicts = {claim.key: found for claim in revealed if (found := _verdict(claim, experiment))}
        if gone := interrupted.lost(KIND):
            interrupted.show(gone, "test of the claims", _repeat)
        pending = sum(services().evidence.awaits(claim, experiment, visitor()) for claim in revealed)
        _head(experiment, verdicts, pending)
        for claim in CLAIMS.values():
            line = _line(claim, experiment) if claim in revealed else ""
            card.show(claim, experiment, verdicts.get(claim.key), line)

    poll_while(
        draw,
        lambda: first_unfinished(
            services().evidence.find(claim, experiment, visitor()) for claim in _revealed(experiment)
        ),
    )


def _head(experiment: Experiment, verdicts: Mapping[str, Verdict], pending: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Test all", type="primary", icon=":material/science:", on_click=_test_all, disabled=bool(pending))
        st.button("Cancel", icon=":material/stop:", on_click=_cancel, disabled=not pending)
        st.download_button(
            "Download report (Markdown)", lambda: report(experiment, verdicts),
            file_name=f"two-heads-{experiment.key()}.md", mime="text/markdown",
            icon=":material/download:", on_click="ignore", disabled=not verdicts,
        )  # fmt: skip
    counts = Counter(found.kind for found in verdicts.values())
    words = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    text = f"{len(verdicts)} of {len(CLAIMS)} tested" + (f": {words}" if words else "")
    st.progress(len(verdicts) / len(CLAIMS), text=text + (f" · {pending} pending" if pending else ""))


def _test_all() -> None:
    state.touch()
    experiment = state.experiment()
    st.session_state[_REVEALED] = experiment.key()
    measured = [claim for claim in CLAIMS.values() if claim.measured and not claim.inapplicable_reason(experiment)]
    jobs = {claim.key: services().evidence.request(claim, experiment, visitor()) for claim in measured}
    interrupted.begun(KIND, experiment, jobs)


def _repeat() -> None:
    """Request the claims again that an earlier server lost. Reveal all verdicts only if all claims were requested."""
    gone = interrupted.lost(KIND)
    if gone is None:
        return
    state.replace(gone.experiment)
    experiment = state.experiment()
    wanted = [CLAIMS[key] for key in gone.parts if key in CLAIMS]
    measured = {claim.key for claim in CLAIMS.values() if claim.measured and not claim.inapplicable_reason(experiment)}
    if measured <= {claim.key for claim in wanted}:
        st.session_state[_REVEALED] = experiment.key()
    jobs = {claim.key: services().evidence.request(claim, experiment, visitor()) for claim in wanted}
    interrupted.begun(KIND, experiment, jobs)


def _cancel() -> None:
    state.touch()
    interrupted.forget(KIND)
    experiment = state.experiment()
    for claim in CLAIMS.values():
        services().evidence.release(claim, experiment, visitor())


def _revealed(experiment: Experiment) -> list[Claim[Any]]:
    """The claims whose verdict may be shown: all were tested, the visitor predicted it, or it is not applicable."""
    all_tested = st.session_state.get(_REVEALED) == experiment.key()
    return [
        claim
        for claim in CLAIMS.values()
        if all_tested or card.predicted(claim, experiment) or claim.inapplicable_reason(experiment)
    ]


def _verdict(claim: Claim[Any], experiment: Experiment) -> Verdict | None:
    """The verdict; None while there is no evidence for it."""
    if claim.inapplicable_reason(experiment):
        return verdict(claim, experiment, None)
    if not claim.measured:
        return verdict(claim, experiment, Needs(chosen=st.session_state.get(card.choices_key(claim), [])))
    job = services().evidence.find(claim, experiment, visitor())
    return verdict(claim, experiment, job.result) if job is not None and job.state == "finished" else None


def _line(claim: Claim[Any], experiment: Experiment) -> str:
    """The state of the measurement, or why it ended without a result."""
    job = services().evidence.find(claim, experiment, visitor())
    if job is None or job.state == "finished":
        return ""
    view = job.view()
    if view.ended:
        return view.message
    if view.cancelling:
        return "Cancelling …"
    if not services().evidence.awaits(claim, experiment, visitor()):
        return "Another visitor has requested this measurement."
    return waiting(view) if view.state == "queued" else "Measuring …"
