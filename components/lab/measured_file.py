"""The file that the library's callback wrote for a visitor's own model, beside the Lab's own measurement.

The file stays in the visitor's session. Nothing of it is stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from backend.lab import gradients_words as words
from backend.lab.gradients import Gradients
from backend.lab.measured_file.advice import CRITERIA, Advice, advise
from backend.lab.measured_file.reader import Entry, MeasuredFile, Unreadable, read, unpack
from backend.lab.questions import QUESTIONS
from backend.lab.questions import url as question_url
from backend.words import counted
from components import browser
from components.browser.announcement import announce
from components.lab import file_charts, to_compass
from components.lab import help as helps
from components.lab import pairs as pair_parts
from components.session import page_options, state
from components.text import for_markdown

#: Session key of the file. It is kept packed, because a large file takes ten times the memory when it is read.
FILE = "lab.file"
_PROBLEM, _OPENED, _KEY = "lab.file.problem", "lab.file.opened", "lab.file.open"
#: Measurements that are drawn and offered, and rows of the table.
_MOST_SHOWN, _MOST_ROWS = 101, 120


def show(own: Gradients | None = None) -> None:
    """Draw the control that opens a file, and the results in it. `own` is the Lab's measurement on the page, if any."""
    st.header("A model that you train yourself", anchor="my-file")
    st.markdown(
        "`GradientConflict` of the library `two_heads` measures your own model where it trains. Open the file that its "
        "`save` wrote. It has names and figures of heads, no weights and no data."
    )
    packed = st.session_state.get(FILE)
    if packed is None:
        browser.mount(
            "conflict_file",
            {"label": "Open the JSON file", "words": "or drop it here. The server keeps it for this visit alone."},
            key=_KEY, on_packed_change=_open,
        )  # fmt: skip
    if problem := st.session_state.get(_PROBLEM):
        st.warning(for_markdown(problem, 400), icon=":material/error:")
    if packed is not None:
        _result(read(unpack(packed)), own)


def open_packed(packed: object) -> None:
    """Callback: check the file that a browser has sent, and keep it for the page, or the reason why it is not read."""
    st.session_state.pop(_PROBLEM, None)
    state.touch()
    if not isinstance(packed, str):
        return
    try:
        read(unpack(packed))
    except Unreadable as unreadable:
        st.session_state[_PROBLEM] = str(unreadable)
        return
    st.session_state[FILE] = packed
    st.session_state[_OPENED] = st.session_state.get(_OPENED, 0) + 1


def _open() -> None:
    open_packed(browser.sent(_KEY, "packed"))


def _close() -> None:
    st.session_state.pop(FILE, None)
    state.touch()


def _result(file: MeasuredFile, own: Gradients | None) -> None:
    names = [for_markdown(name, 40) for name in file.heads]
    advice = advise(file, names)
    with st.container(border=True, key="lab.file.advice"):
        st.subheader(advice.headline, anchor=False)
        st.markdown("\n\n".join(advice.sentences))
        _question_buttons(advice)
        st.caption(_about(file), help=CRITERIA)
        st.button(
            "Close the file", icon=":material/close:", type="tertiary", key="lab.file.close", on_click=_close,
            help=helps.text("lab.file.close"),
        )  # fmt: skip
    entries = file.shown(_MOST_SHOWN)
    opened = st.session_state.get(_OPENED, 0)
    announce(FILE, str(opened), f"The file is open. {advice.headline}")
    ranked = file.most_conflicting
    with st.container(horizontal=True, vertical_alignment="bottom"):
        entry = _chosen_entry(entries, opened)
        position = _chosen_pair(file, ranked, opened)
    _charts(file, entries, ranked, entry)
    figures = entry.pairs[position]
    one, other = (names[head] for head in file.pairs[position])
    st.markdown(_pair_sentence(entry, position, one, other))
    to_compass.show(figures.situation, figures.length_ratio, one, other, key="lab.file.to_compass")
    _table(file, entry, ranked, names, own)


def _about(file: MeasuredFile) -> str:
    last = file.history[-1].epoch
    return (
        f"{len(file.heads)} heads, {counted(len(file.history), 'measurement')} up to epoch {last:,}, each over "
        f"{counted(file.rows, 'row')} in batches of {file.batch_size:,}. A gradient is that of a head’s loss before "
        "its loss weight, with respect to the trainable variables on which all losses depend."
    )


def _question_buttons(advice: Advice) -> None:
    with st.container(horizontal=True):
        for key in advice.questions:
            st.button(
                f"Open question {QUESTIONS[key].number}", icon=":material/quiz:",
                key=f"lab.file.question.{key}", on_click=page_options.choose, args=(question_url.OPEN, key),
                help=helps.text("lab.file.question"),
            )  # fmt: skip


def _chosen_entry(entries: Sequence[Entry], opened: int) -> Entry:
    """Draw the slider of the epoch, if there is a choice."""
    if len(entries) == 1:
        return entries[0]
    by_epoch = {entry.epoch: entry for entry in entries}
    epoch: int = st.select_slider(
        "Epoch of the file", list(by_epoch), entries[-1].epoch, key=f"lab.file.epoch.{opened}", width=420,
        on_change=state.touch, help=helps.text("lab.file.epoch"),
    )  # fmt: skip
    return by_epoch.get(epoch, entries[-1])


def _chosen_pair(file: MeasuredFile, ranked: Sequence[int], opened: int) -> int:
    """Draw the menu of pairs, if there is a choice. The pair that conflicts most is the first."""
    if len(ranked) == 1:
        return 0
    labels = pair_parts.labels(file.pairs, file.heads)
    position: int = st.selectbox(
        "Pair of heads of the file", ranked, key=f"lab.file.pair.{opened}", width=320, on_change=state.touch,
        format_func=lambda each: labels[each], help=helps.text("lab.file.pair"),
    )  # fmt: skip
    return position


def _charts(file: MeasuredFile, entries: Sequence[Entry], ranked: Sequence[int], entry: Entry) -> None:
    pairs = ranked[: words.MOST_LINES]
    shared: Any = (file, entries, pairs, entry.epoch)
    cosines, rates, ratios = (draw(*shared) for draw in (file_charts.cosines, file_charts.rates, file_charts.ratios))
    drawn = [
        ("lab.file.cosines", cosines, "Cosine between the gradients of two heads in the file, by epoch"),
        ("lab.file.rates", rates, "Share of batches in which two heads in the file conflict, by epoch"),
        ("lab.file.ratios", ratios, "Length of one head's gradient divided by another's, in the file, by epoch"),
    ]
    if len(pairs) < len(ranked):
        alt = f"Cosines between the gradients of all pairs of heads in the file, epoch {entry.epoch}"
        drawn.insert(0, ("lab.file.heat", file_charts.heat(file, entry), alt))
    pair_parts.charts(drawn, len(pairs), len(ranked))
    if len(entries) < len(file.history):
        st.caption(f"The charts show {len(entries)} of the {len(file.history):,} measurements, evenly spread.")


def _pair_sentence(entry: Entry, position: int, one: str, other: str) -> str:
    figures, start = entry.pairs[position], words.when(entry.epoch)
    if figures.cosine is None:
        return f"{start}, the cosine between {one} and {other} is not defined: a gradient is zero, NaN or infinite."
    verdict = "they conflict" if figures.cosine < 0 else "they do not conflict"
    return (
        f"{start}, the cosine between the gradients of {one} and {other} over all rows is "
        f"{words.number(figures.cosine)}: {verdict}."
    )


def _table(
    file: MeasuredFile, entry: Entry, ranked: Sequence[int], names: Sequence[str], own: Gradients | None
) -> None:
    pair_parts.table(entry.epoch, table(file, entry, ranked[:_MOST_ROWS], names, own))
    if len(ranked) > _MOST_ROWS:
        st.caption(f"The table has the {_MOST_ROWS} pairs that conflict most often, of {len(ranked):,}.")


def table(
    file: MeasuredFile, entry: Entry, positions: Sequence[int], names: Sequence[str], own: Gradients | None
) -> pd.DataFrame:
    """A row for each pair. If the Lab measured a model with heads of the same names, its cosine at the end is added."""
    same = own is not None and set(file.heads) == set(own.heads)
    rows = []
    for position in positions:
        i, j = file.pairs[position]
        figures, rate = entry.pairs[position], entry.pairs[position].conflict_rate
        row = {
            "pair": f"{names[i]}, {names[j]}",
            "cosine": words.number(figures.cosine),
            "second length ÷ first": words.number(figures.length_ratio),
            "batches in conflict": "none to compare" if rate is None else words.percent(rate, 1),
        }
        if same and own is not None:
            pair = own.heads.index(file.heads[i]), own.heads.index(file.heads[j])
            row["cosine of “Use my model”"] = words.number(own.at(None).cosine(pair))
        rows.append(row)
    return pd.DataFrame(rows).set_index("pair")
