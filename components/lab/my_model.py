"""Use my model: whether the heads of the visitor's own network conflict, measured while it trains."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from backend.experiment import Experiment
from backend.experiment.styles import STYLES
from backend.experiment.url import write_query
from backend.jobs import JobView
from backend.lab.gradients import Gradients, Measurement, Pair, ratio_of, read_pair, refuse_pair, situation_of
from backend.questions.gradients import words as words
from backend.questions.gradients.export import table_csv
from backend.questions.gradients.job import GradientsJob
from backend.services import services
from backend.words import about, counted
from components import help as helps
from components.charts import figure as chart
from components.charts.figure import Keyed, cached_figure
from components.investigations.page_job import PageJob
from components.investigations.tables import right_aligned
from components.lab import gradient_charts, to_compass
from components.live.polling import Watch
from components.session import controls, page_options, state
from components.session.form import menu
from components.text import for_markdown, one_line

_EPOCH, _PAIR = "measured", "pair"
#: The page's options besides those of the compass: a measured epoch, at first the last one, and two heads, at first
#: those that conflict most.
CHOICES = {
    _EPOCH: page_options.whole_number(3),
    _PAIR: page_options.PageOption("", refuse_pair),
}
#: Rows of the table that are shown without scrolling.
_ROWS = 10
_HOW = (
    "Your network trains as on Train. At up to 21 of its epochs Keras computes the gradient of each head’s own loss "
    "with respect to the trunk, over all training sequences and batch by batch."
)
_cosines, _rates = cached_figure(gradient_charts.cosines), cached_figure(gradient_charts.rates)
_lengths, _heat = cached_figure(gradient_charts.lengths), cached_figure(gradient_charts.heat)


def show() -> None:
    """Draw the experiment in a line, the buttons, and the measurement of an equal experiment."""
    experiment = state.experiment()
    st.header("Use my model", anchor="my-heads", help=_HOW)
    st.markdown("Do your own heads **conflict**? Their gradients do if they are more than 90° apart.")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_model_line(experiment), width="content")
        st.page_link(
            "train.py", label="Change it on Train", icon=":material/tune:", query_params=write_query(experiment)
        )
    if reason := _JOB.investigation().refusal():
        st.info(reason, icon=":material/info:")
        return
    watch = Watch(_JOB.pending)
    view = _JOB.view()
    watch.draw(_controls)
    _JOB.announce(view, lambda: words.answer(view.result) if view else "")
    if view is not None and view.state == "finished" and view.result is not None:
        _result(experiment, view)


def _expected() -> str:
    seconds = GradientsJob.on(state.experiment()).seconds(services().durations)
    return f"{about(seconds)} expected on two idle cores"


_JOB = PageJob(
    lambda: GradientsJob.on(state.experiment()), "lab.heads", "Measure my heads",
    icon="straighten", expected=_expected,
)  # fmt: skip


def _model_line(experiment: Experiment) -> str:
    """The visitor's experiment in short: heads with their units, the trunk, and the training."""
    architecture, training = experiment.architecture, experiment.training
    heads = [f"{for_markdown(head.title)} ({head.units})" for head in architecture.heads]
    heads_words = ", ".join(heads[:6]) + (f", … ({len(heads)} heads)" if len(heads) > 6 else "")
    trunk = [f"LSTM({units})" for units in architecture.lstm] + [
        f"Dense({layer.units})" for layer in architecture.dense
    ]
    epochs = counted(training.epochs, "epoch")
    return f"**Your model**: {' → '.join(trunk)} → {heads_words}; {training.optimizer}, {epochs}"


def _controls() -> None:
    """Draw the buttons, the expected time, and the measurement's progress or end."""
    view = _JOB.view()
    result = view.result if view is not None and view.state == "finished" else None
    _JOB.controls(
        view, lambda share: f"Training and measuring, {share:.0%}" if share else "Building and tracing …",
        csv=partial(table_csv, result) if result is not None else None,
    )  # fmt: skip
    _JOB.show_interrupted()


def _result(experiment: Experiment, view: JobView) -> None:
    """Draw the answer, the charts, and the chosen epoch with its pair."""
    gradients: Gradients = view.result
    titles = [head.title for head in experiment.architecture.heads]
    names = [for_markdown(title, 40) for title in titles]
    ranked = gradients.most_conflicting()
    measurement, pair = _chosen_measurement(gradients), _chosen_pair(gradients, ranked)
    with st.container(border=True):
        st.subheader(words.answer(gradients), anchor=False)
        st.markdown(" ".join(words.details(gradients, names)))
        training = experiment.training
        st.caption(
            f"One training: seed {training.seed}, {STYLES[gradients.style].title}. At each measured epoch the weights "
            f"are held, and the {gradients.batches:,} batches are those of the following epoch. A gradient is that of "
            f"a head’s loss before its loss weight, with respect to the {gradients.trunk:,} parameters that all heads "
            f"share. The measurement took {gradients.seconds:.1f} s."
        )
    _charts(gradients, ranked, titles, measurement, Keyed(view.id, gradients))
    _show_choices(gradients, measurement, pair, titles)
    _compass(measurement, pair, names)
    _table(measurement, gradients.pairs(), names)


def _chosen_measurement(gradients: Gradients) -> Measurement:
    text = page_options.chosen(_EPOCH)
    measurement = gradients.at(int(text) if text else None)
    if text and measurement.epoch != int(text):
        st.caption(f"Epoch {text} was not measured. The nearest one is used in its place: {measurement.epoch}.")
    return measurement


def _chosen_pair(gradients: Gradients, ranked: Sequence[Pair]) -> Pair:
    text = page_options.chosen(_PAIR)
    pair = read_pair(text, gradients.heads) if text else None
    if text and pair is None:
        one, other = (gradients.heads[head] for head in ranked[0])
        st.caption(f"These are not two heads of this model: {text}. Used {one},{other} in its place.")
    return pair or ranked[0]


def _charts(
    gradients: Gradients, ranked: Sequence[Pair], titles: Sequence[str], measurement: Measurement, keyed: Keyed
) -> None:
    pairs, names, epoch = tuple(ranked[: words.MOST_LINES]), tuple(titles), measurement.epoch
    cosines, rates = (draw(keyed, pairs, names, epoch) for draw in (_cosines, _rates))
    drawn = [
        ("lab.cosines", cosines, "Cosine between the gradients of two heads, by epoch"),
        ("lab.rates", rates, "Share of batches in which two heads conflict, by epoch"),
        ("lab.lengths", _lengths(keyed, names, epoch), "Length of each head's gradient, by epoch"),
    ]
    if len(pairs) < len(ranked):
        figure = _heat(Keyed((keyed.name, epoch), measurement), names)
        drawn.insert(0, ("lab.heat", figure, f"Cosines between the gradients of all pairs of heads, epoch {epoch}"))
    with st.grid(2, min_column_width=380):
        for key, figure, alt in drawn:
            with st.container():
                chart.show(figure, key=key, alt=alt)
    if len(pairs) < len(ranked):
        st.caption(
            f"Of {len(ranked):,} pairs of heads, the charts have lines for the {len(pairs)} that conflict most often."
        )


def _show_choices(gradients: Gradients, measurement: Measurement, pair: Pair, titles: Sequence[str]) -> None:
    """Draw the slider of the epoch and the menu of pairs. The link keeps both."""

    def write_epoch(epoch: int) -> None:
        page_options.choose(_EPOCH, str(epoch))

    def write_pair(heads: Pair) -> None:
        one, other = heads
        page_options.choose(_PAIR, f"{gradients.heads[one]},{gradients.heads[other]}")

    with st.container(horizontal=True, vertical_alignment="bottom"):
        if len(gradients.measurements) > 1:
            st.select_slider(
                "Epoch", gradients.epochs(), help=helps.text("lab.measured"), width=420,
                **controls.widget_state("lab.measured", measurement.epoch, write_epoch),
            )  # fmt: skip
        if len(gradients.heads) > 2:
            by_pair = dict(zip(gradients.pairs(), labels(gradients.pairs(), titles), strict=True))
            menu("Pair of heads", by_pair, "lab.pair", pair, write_pair, width=280)


def labels(pairs: Sequence[Pair], titles: Sequence[str]) -> list[str]:
    """A different label for each pair of heads, because a menu finds an option by its label."""
    texts = [f"{one_line(titles[i], 40)}, {one_line(titles[j], 40)}" for i, j in pairs]
    times = Counter(texts)
    return [
        f"{i + 1} and {j + 1}: {text}" if times[text] > 1 else text
        for (i, j), text in zip(pairs, texts, strict=True)
    ]  # fmt: skip


def _compass(measurement: Measurement, pair: Pair, names: Sequence[str]) -> None:
    one, other = (names[head] for head in pair)
    ratio = ratio_of(measurement, pair)
    to_compass.show(situation_of(measurement, pair), ratio, one, other)


def _table(measurement: Measurement, pairs: Sequence[Pair], names: Sequence[str]) -> None:
    st.markdown(f"**{words.when(measurement.epoch)}, pair by pair**")
    with st.container(height=38 * (_ROWS + 1) if len(pairs) > _ROWS else "content", border=False):
        st.table(right_aligned(table(measurement, pairs, names)))
    st.caption(
        "The magnitude similarity is 2|g₁||g₂| ÷ (|g₁|² + |g₂|²): 1 for gradients of equal length, near 0 where one is "
        "much longer. Batches in which a gradient is zero, NaN or infinite are not compared."
    )


def table(measurement: Measurement, pairs: Sequence[Pair], names: Sequence[str]) -> pd.DataFrame:
    """One row for each pair."""
    return pd.DataFrame(words.rows(measurement, pairs, names)).set_index("pair")
