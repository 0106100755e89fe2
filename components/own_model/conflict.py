"""Whether the heads of the visitor's network conflict: measured here while it trains, or at home by the library."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import partial

import streamlit as st

from backend.experiment import Experiment
from backend.experiment.styles import STYLES
from backend.experiment.url import write_query
from backend.jobs import JobView
from backend.lab.gradients import Gradients, Measurement, Pair, ratio_of, read_pair, refuse_pair, situation_of
from backend.lab.situation import HEADS
from backend.lab.state import FIELDS, LabState
from backend.questions.gradients import words as words
from backend.questions.gradients.export import table_csv
from backend.questions.gradients.job import GradientsJob
from backend.questions.pictures import Line, Lines, of_run, of_task
from backend.questions.speed.findings import trunk
from backend.services import services
from backend.words import about, shortened
from components import code_panel
from components import help as helps
from components.diagram.network import head_title
from components.investigations import picture
from components.investigations.page_job import PageJob
from components.investigations.tables import table
from components.live.polling import Watch
from components.session import controls, page_options, state
from components.session.form import menu
from components.text import for_markdown, one_line

_EPOCH, _PAIR = "measured", "pair"
#: Options of the page's link: a measured epoch, at first the last one, and two heads, at first
#: those that conflict most.
CHOICES = {
    _EPOCH: page_options.whole_number(3),
    _PAIR: page_options.PageOption("", refuse_pair),
}
#: Rows of the table that are shown without scrolling.
_ROWS = 10
_HOW = (
    "The network trains as on Train. At up to 21 of its epochs Keras computes the gradient of each head’s own loss "
    "with respect to the trunk, over all training sequences and batch by batch."
)
#: The library's callback, for a model that is trained elsewhere.
_AT_HOME = """from two_heads import GradientConflict

conflict = GradientConflict(x, y)
model.fit(x, y, epochs=20, callbacks=[conflict])
print(conflict.summary())"""


def show() -> None:
    """Draw the library's lines, the experiment in a line, the buttons, and the measurement of an equal experiment."""
    experiment = state.experiment()
    st.header("Do your heads conflict?", anchor="my-heads", help=_HOW)
    st.markdown("Two heads conflict if their gradients are more than 90° apart.")
    at_home = st.expander(
        "Measure a model that you train yourself", key="own.callback", type="compact", on_change=state.touch
    )
    if at_home.open:
        with at_home:
            st.markdown(
                "The library `two_heads` measures it on your machine while `fit` trains, under TensorFlow. `x` and `y` "
                "are the rows to measure, as for `fit`. `pip install .` in the source code of this app installs the "
                "library."
            )
            code_panel.show("The lines that measure your heads", _AT_HOME, key="own.callback_source")
    with st.container(horizontal=True, vertical_alignment="center"):
        heads = shortened((for_markdown(head.title) for head in experiment.architecture.heads), 6)
        st.markdown(f"**The experiment**: {trunk(experiment)}, with the heads {heads}", width="content")
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
    lambda: GradientsJob.on(state.experiment()), "own.conflict", "Measure my heads",
    icon=":material/straighten:", expected=_expected,
)  # fmt: skip


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
    titles = [one_line(head_title(head), 40) for head in experiment.architecture.heads]
    names = [for_markdown(title, 40) for title in titles]
    ranked, epoch = gradients.most_conflicting(), page_options.chosen(_EPOCH)
    measurement = gradients.at(int(epoch) if epoch else None)
    pair = read_pair(page_options.chosen(_PAIR), gradients.heads) or ranked[0]
    with st.container(border=True):
        st.subheader(words.answer(gradients), anchor=False)
        st.markdown(" ".join(words.details(gradients, names)))
        st.caption(
            f"One training: seed {experiment.training.seed}, {STYLES[gradients.style].title}. At each measured epoch "
            f"the weights are held, and the {gradients.batches:,} batches are those of the following epoch. A gradient "
            f"is that of a head’s loss before its loss weight, with respect to the {gradients.trunk:,} parameters that "
            f"all heads share. The measurement took {gradients.seconds:.1f} s."
        )
    with st.grid(2, min_column_width=380):
        for number, each in enumerate(pictures(gradients, ranked[: words.MOST_LINES], titles)):
            with st.container():
                picture.show(each, f"own.gradients.{number}")
    _show_choices(gradients, measurement, pair, titles)
    one, other = (names[head] for head in pair)
    _to_compass(experiment, measurement, pair, one, other)
    st.markdown(f"**{words.when(measurement.epoch)}, pair by pair**")
    with st.container(height=38 * (_ROWS + 1) if len(ranked) > _ROWS else "content", border=False):
        st.table(table(words.rows(measurement, gradients.pairs(), names)))
    st.caption(
        "The magnitude similarity is 2|g₁||g₂| ÷ (|g₁|² + |g₂|²): 1 for gradients of equal length, near 0 where one is "
        "much longer. Batches in which a gradient is zero, NaN or infinite are not compared."
    )


def pictures(gradients: Gradients, pairs: Sequence[Pair], titles: Sequence[str]) -> list[Lines]:
    """By epoch: the cosine and the conflict rate of each of these `pairs`, and the length of each head's gradient."""
    epochs, measured = gradients.epochs(), gradients.measurements
    some = f", of the {len(pairs)} pairs that conflict most often" if len(pairs) < len(gradients.pairs()) else ""

    def of_pairs(title: str, figure: Callable[[Measurement, Pair], float | None]) -> Lines:
        lines = [
            Line(_title(pair, titles), _known(figure(each, pair) for each in measured), of_run(i))
            for i, pair in enumerate(pairs)
        ]
        return Lines(title + some, epochs, lines, x_name="epoch")

    lengths = [Line(title, _known(each.length(i) for each in measured), of_task(i)) for i, title in enumerate(titles)]
    return [
        of_pairs("Cosine between the gradients: below 0, two heads conflict", Measurement.cosine),
        of_pairs("Share of the batches in which two heads conflict", Measurement.conflict_rate),
        Lines("Length of each head’s gradient", epochs, lengths, log=True, x_name="epoch"),
    ]


def _known(values: Iterable[float | None]) -> list[float]:
    return [math.nan if value is None else value for value in values]


def _title(pair: Pair, titles: Sequence[str]) -> str:
    return f"{titles[pair[0]]}, {titles[pair[1]]}"


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
                "Epoch", gradients.epochs(), help=helps.text("own.measured"), width=420,
                **controls.widget_state("own.measured", measurement.epoch, write_epoch),
            )  # fmt: skip
        if len(gradients.heads) > 2:
            by_pair = {each: _title(each, titles) for each in gradients.pairs()}
            menu("Pair of heads", by_pair, "own.pair", pair, write_pair, width=280)


def _to_compass(experiment: Experiment, measurement: Measurement, pair: Pair, one: str, other: str) -> None:
    """Draw the link to the compass with the angle and the ratio of a pair, if both are defined.

    Say so if the compass cannot show the ratio. The names of the heads are Markdown.
    """
    situation = situation_of(measurement, pair)
    if situation is None:
        return
    texts = FIELDS.write(LabState.of(situation))
    wanted = {name: [texts[name]] for name in ("angle", "ratio", "third")}
    label = f"See this pair in the compass: {HEADS[0]} is {one}, {HEADS[1]} is {other}"
    st.page_link("lab.py", label=label, icon=":material/explore:", query_params=write_query(experiment) | wanted)
    if sentence := words.clamp_sentence(ratio_of(measurement, pair), one, other):
        st.caption(sentence)
