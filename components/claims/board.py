"""All claims of the thread: a prediction first, then the verdict with its evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import streamlit as st

from backend.claims import CLAIMS, Claim, Verdict, verdict
from backend.claims.evidence import KIND
from backend.claims.report import report
from backend.experiment import Experiment
from backend.services import services
from components.claims import card
from components.live import interrupted
from components.live.polling import first_unfinished, poll_while, waiting
from components.session import state
from components.session.visitor import visitor

_REVEALED = "claims.revealed"


def show(experiment: Experiment) -> None:
    """Draw the board as a fragment, with a clock while something is measured."""

    def draw() -> None:
        asked = _asked(experiment)
        verdicts = {claim.key: found for claim in asked if (found := _verdict(claim, experiment))}
        if gone := interrupted.lost(KIND):
            interrupted.show(gone, "test of the claims", _repeat)
        _head(experiment, verdicts, sum(services().evidence.awaits(claim, experiment, visitor()) for claim in asked))
        for claim in CLAIMS.values():
            line = _line(claim, experiment) if claim in asked else ""
            card.show(claim, experiment, verdicts.get(claim.key), line)

    poll_while(
        draw,
        lambda: first_unfinished(
            services().evidence.find(claim, experiment, visitor()) for claim in _asked(experiment)
        ),
    )


def _head(experiment: Experiment, verdicts: Mapping[str, Verdict], to_come: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Test all", type="primary", icon=":material/science:", on_click=_test_all, disabled=bool(to_come))
        st.button("Cancel", icon=":material/stop:", on_click=_cancel, disabled=not to_come)
        st.download_button(
            "Report (Markdown)", lambda: report(experiment, verdicts), file_name=f"two-heads-{experiment.key()}.md",
            mime="text/markdown", icon=":material/download:", on_click="ignore", disabled=not verdicts,
        )  # fmt: skip
    counts = Counter(found.kind for found in verdicts.values())
    words = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    text = f"{len(verdicts)} of {len(CLAIMS)} tested" + (f": {words}" if words else "")
    st.progress(len(verdicts) / len(CLAIMS), text=text + (f" · {to_come} to come" if to_come else ""))


def _test_all() -> None:
    state.touch()
    experiment = state.experiment()
    st.session_state[_REVEALED] = experiment.key()
    measured = [claim for claim in CLAIMS.values() if claim.measured and not claim.inapplicable_reason(experiment)]
    asked = {claim.key: services().evidence.request(claim, experiment, visitor()) for claim in measured}
    interrupted.begun(KIND, experiment, asked)


def _repeat() -> None:
    """Ask again for what an earlier server was asked for; all of it is revealed only where all claims were tested."""
    gone = interrupted.lost(KIND)
    if gone is None:
        return
    state.replace(gone.experiment)
    experiment = state.experiment()
    wanted = [CLAIMS[key] for key in gone.parts if key in CLAIMS]
    measured = {claim.key for claim in CLAIMS.values() if claim.measured and not claim.inapplicable_reason(experiment)}
    if measured <= {claim.key for claim in wanted}:
        st.session_state[_REVEALED] = experiment.key()
    asked = {claim.key: services().evidence.request(claim, experiment, visitor()) for claim in wanted}
    interrupted.begun(KIND, experiment, asked)


def _cancel() -> None:
    state.touch()
    interrupted.forget(KIND)
    experiment = state.experiment()
    for claim in CLAIMS.values():
        services().evidence.release(claim, experiment, visitor())


def _asked(experiment: Experiment) -> list[Claim]:
    """The claims whose verdict may be shown: predicted, revealed with all others, or not about this experiment."""
    revealed = st.session_state.get(_REVEALED) == experiment.key()
    return [
        claim
        for claim in CLAIMS.values()
        if revealed or card.predicted(claim, experiment) or claim.inapplicable_reason(experiment)
    ]


def _verdict(claim: Claim, experiment: Experiment) -> Verdict | None:
    """The verdict, where there is evidence for it or none is needed."""
    if claim.inapplicable_reason(experiment):
        return verdict(claim, experiment, {})
    if not claim.measured:
        return verdict(claim, experiment, {"chosen": st.session_state.get(card.choices_key(claim), [])})
    job = services().evidence.find(claim, experiment, visitor())
    return verdict(claim, experiment, job.result) if job is not None and job.state == "finished" else None


def _line(claim: Claim, experiment: Experiment) -> str:
    """Where the measurement stands, or why it ended without a result."""
    job = services().evidence.find(claim, experiment, visitor())
    if job is None or job.state == "finished":
        return ""
    view = job.view()
    if view.ended:
        return view.message
    if view.cancelling:
        return "Cancelling …"
    if not services().evidence.awaits(claim, experiment, visitor()):
        return "Another visitor waits for it."
    return waiting(view) if view.state == "queued" else "Measuring …"
