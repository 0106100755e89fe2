"""What workers find out about a visitor's own model: whether both styles are equal, their speed, and the graph."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from backend.own_model.found import MOST_PARAMETERS, Found
from backend.own_model.job import CompareOwnJob, Comparison, OwnTimingJob, Timed
from backend.questions.speed import own
from backend.questions.speed.findings import times
from backend.questions.speed.result import quartiles
from backend.services import services
from backend.statistics.intervals import CONFIDENCE, Ratio
from backend.words import about, counted, short
from components.investigations.page_job import PageJob
from components.investigations.tables import table
from components.live.job_status import building_sentence
from components.live.polling import first_unfinished, poll_while
from components.session.visitor import visitor


def _given(id: str, found: Found, position: int) -> dict[str, Any]:
    """What a job on the rewriting at this position gets."""
    return {
        "id": id,
        "position": position,
        "own": found.source,
        "rewriting": found.rewritings[position],
        "activations": found.activations,
        "ids": found.ids,
    }


def show_comparison(id: str, found: Found, position: int) -> None:
    """Say whether both styles compute the same with the same random weights, as soon as a worker has found out."""
    if not found.is_measured:
        st.markdown(f"The app measures models of at most {MOST_PARAMETERS:,} parameters, so it does not compare these.")
        return
    job = services().shared.request(CompareOwnJob(**_given(id, found, position)), visitor())

    def draw() -> None:
        view = job.view()
        if view.state == "finished":
            st.markdown(comparison_sentence(view.result))
        else:
            st.markdown(
                view.message
                if view.ended
                else building_sentence(view, "Both styles are then built in Keras and compared.")
            )

    poll_while(draw, lambda: first_unfinished([job]))


def comparison_sentence(found: Comparison) -> str:
    """Whether both styles compute the same, as Markdown; `found` must be of a model with another style."""
    if found.difference is None:
        return "Numbers of the heads are NaN or infinite with random weights, so Keras cannot compare both styles."
    over = ":green[✓ Measured in Keras]: over random inputs, with the same random weights"
    if found.difference == 0:
        return f"{over}, the heads return the same numbers."
    return f"{over}, the numbers of the heads differ by at most {short(found.difference, 2)}, which is round-off."


def show_timing(id: str, found: Found, position: int) -> None:
    """Draw the buttons that have both styles timed, the progress and, once they are timed, the ratios and downloads."""
    if not found.is_measured:
        return
    st.header("How fast is each?", anchor=False)
    job = PageJob(
        lambda: OwnTimingJob(**_given(id, found, position)), "own.time", "Time both styles",
        icon=":material/timer:",
        expected=lambda: f"{about(OwnTimingJob.usual_seconds)} for most models, and longer for a large one",
        script=lambda: own.script(found, found.rewritings[position]),
    )  # fmt: skip

    def draw() -> None:
        view = job.view()
        timed: Timed | None = view.result if view is not None and view.state == "finished" else None
        if timed is not None:
            _timed(timed)
        job.controls(
            view,
            lambda share: "Tracing both styles, and timing them in turns …",
            csv=partial(own.csv, timed) if timed is not None else None,
        )
        job.announce(view, lambda: " ".join(_sentences(timed)) if timed is not None else "")
        job.show_interrupted()

    poll_while(draw, job.pending)


def _timed(timed: Timed) -> None:
    st.markdown("  \n".join(_sentences(timed)))
    rows = []
    for title, timings in (
        ("a layer for each head", timed.several),
        ("one layer", timed.one),
        ("one layer, again", timed.control),
    ):
        cells = {"build": timings.build, "train step": timings.train, "inference": timings.infer}
        rows.append({"style": title} | {f"{what} (ms)": _cell(values) for what, values in cells.items()})
    st.table(table(rows))
    st.caption(
        f"Medians with quartiles. A batch has {counted(timed.batch, 'example')} of random numbers, the optimizer is "
        f"Adam, and each output has the loss mse. The intervals contain the true ratio with {CONFIDENCE:.0%} "
        "confidence. “Again” is the control: the same source, compiled once more. For a train step and for "
        "inference, a difference counts only if both copies show it. For building, the control is not used."
    )


def _sentences(timed: Timed) -> list[str]:
    return [_sentence(what, ratio) for what, ratio in timed.ratios().items() if ratio]


def _sentence(what: str, ratio: Ratio) -> str:
    end = "" if ratio.decided else ", which is within noise"
    return f"**{what}**: with a layer for each head it takes {times(ratio)} as long as with one layer{end}."


def _cell(seconds: list[float]) -> str:
    found = quartiles([1e3 * value for value in seconds])
    return (
        f"{short(found.median, 3)}\u00a0({short(found.low, 3)}–{short(found.high, 3)})" if found else "not\u00a0timed"
    )
