"""What workers find out about a visitor's own model: whether both styles are equal, their speed, and the graph."""

from __future__ import annotations

import streamlit as st

from backend.jobs import Job, JobView
from backend.own_network.examination import Examination, Rewriting
from backend.own_network.job import Comparison, OwnNetworkJob, OwnTimingJob, Timed
from backend.services import services
from backend.speed import own
from backend.speed.ratios import spread
from backend.statistics.intervals import CONFIDENCE, Ratio
from backend.words import counted, short
from components import layer_graph
from components.investigations.tables import table
from components.live import refusal
from components.live.job_status import building_sentence, finished_or_placeholder
from components.live.polling import first_unfinished, poll_while
from components.own_network import help as helps
from components.session import state
from components.session.visitor import visitor

_HEIGHT = 420


def _comparison(text: str, rewriting: int) -> Job:
    return services().shared.request(OwnNetworkJob(text=text, rewriting=rewriting), visitor())


def show_comparison(text: str, rewriting: int) -> None:
    """Say whether both styles compute the same with the same random weights, as soon as a worker has found out."""
    job = _comparison(text, rewriting)

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
    difference = short(found.difference, 2)
    over = f"over {counted(found.examples, 'random input')}, with the same random weights"
    if found.difference == 0:
        return f":green[✓ Measured in Keras]: {over}, the heads return the same numbers."
    if found.equal:
        return (
            f":green[✓ Measured in Keras]: {over}, the numbers of the heads differ by at most {difference}. The "
            f"largest number is {short(found.largest or 0.0, 3)}, so this is round-off."
        )
    return (
        f":red[✗ Measured in Keras]: {over}, the numbers of the heads differ by up to {difference}, more than the "
        f"{short(found.round_off or 0.0, 2)} that round-off explains."
    )


def show_graph(text: str, rewriting: int, examined: Examination) -> None:
    """Draw Keras's layer graph of the visitor's model."""
    st.header("Keras’s layer graph of your model", anchor=False)
    job = _comparison(text, rewriting)

    def draw() -> None:
        view = job.view()
        if finished_or_placeholder(view, _HEIGHT, "It is drawn as soon as a worker is ready."):
            alt = f"Keras's layer graph of the model “{examined.name}”"
            layer_graph.show(view.result.graph, key="own.graph", alt=alt)

    poll_while(draw, lambda: first_unfinished([job]))


def show_timing(text: str, rewriting: int, examined: Examination, chosen: Rewriting) -> None:
    """Draw the button that has both styles timed or, once they are timed, the ratios; and the downloads."""
    st.header("How fast is each?", anchor=False)
    payload = OwnTimingJob(text=text, rewriting=rewriting)

    def start() -> None:
        refusal.record_if_refused(services().shared.request(payload, visitor()))
        state.touch()

    job = services().shared.find(payload, visitor())
    ended = job.view() if job is not None and job.ended else None  # read once: it may end meanwhile
    if job is None or (ended is not None and ended.state != "finished"):
        if ended is not None and ended.state in ("failed", "lost"):
            st.warning(ended.message, icon=":material/error:")
        with st.container(horizontal=True):
            st.button(
                "Time both styles", icon=":material/timer:", key="own.time", on_click=start,
                help=helps.text("own.time"),
            )  # fmt: skip
            _script_button(examined, chosen)
        refusal.show(payload.kind)
        return

    def draw() -> None:
        view = job.view()
        if view.state == "finished":
            _timed(view.result)
            with st.container(horizontal=True):
                _csv_button(view.result)
                _script_button(examined, chosen)
        elif not view.ended:
            st.markdown(_doing(view))

    poll_while(draw, lambda: first_unfinished([job]))


def _csv_button(timed: Timed) -> None:
    st.download_button(
        "CSV", lambda: own.csv(timed), file_name="two-heads-own.csv", mime="text/csv", icon=":material/download:",
        on_click="ignore", key="own.csv", help=helps.text("own.csv"),
    )  # fmt: skip


def _script_button(examined: Examination, chosen: Rewriting) -> None:
    st.download_button(
        "Script", lambda: own.script(examined, chosen), file_name="two-heads-own.py", mime="text/x-python",
        icon=":material/download:", on_click="ignore", key="own.script", help=helps.text("own.script"),
    )  # fmt: skip


def _doing(view: JobView) -> str:
    if view.state == "queued":
        return building_sentence(view, "Both styles are timed as soon as a worker is ready.")
    return "A worker traces both styles, and times them in turns …"


def _timed(timed: Timed) -> None:
    ratios = timed.ratios()
    st.markdown("  \n".join(_sentence(what, ratio) for what, ratio in ratios.items() if ratio))
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


def _sentence(what: str, ratio: Ratio) -> str:
    interval = f" ({short(ratio.low, 3)} to {short(ratio.high, 3)})" if ratio.low and ratio.high else ""
    times = (
        f"**{what}**: with a layer for each head it takes {short(ratio.median, 3)} times as long as with one layer"
        f"{interval}"
    )
    return f"{times}." if ratio.decided else f"{times}, which is within noise."


def _cell(seconds: list[float]) -> str:
    found = spread([1e3 * value for value in seconds])
    return (
        f"{short(found.median, 3)}\u00a0({short(found.low, 3)}–{short(found.high, 3)})" if found else "not\u00a0timed"
    )
