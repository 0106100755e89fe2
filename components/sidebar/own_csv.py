"""A CSV file of the visitor's own as sequences: where it is opened, its columns, and how long it is stored."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from backend.experiment.own_table import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, Table, TablesUnavailable
from backend.experiment.sources import OwnData, usual_data
from backend.experiment.tasks import OWN_TASKS
from backend.jobs import Job
from backend.own_csv.gaps import gaps
from backend.own_csv.reader import ReadTableJob, Unreadable, unpack
from backend.own_csv.traps import traps
from backend.services import services
from backend.words import counted, days
from components import browser
from components import help as helps
from components.browser.announcement import announce
from components.live.job_status import waiting_sentence
from components.live.polling import Watch, first_unfinished
from components.session import controls, state
from components.session.visitor import visitor, visitor_network
from components.sidebar.form import FORM
from components.text import for_markdown

_FILE, _FAULT, _OPENED = "data.file", "data.fault", "data.opened"
_OPENING = "data.opening"  # the number of links read when the visitor chose to open a file
_READING = "data.reading"  # the job that parses the file


def is_opening() -> bool:
    """Whether the visitor has chosen to open a file, and since then neither opened one nor followed a link."""
    return st.session_state.get(_OPENING) == state.session().links


def begin_opening() -> None:
    """Show where a file is opened, from a callback."""
    st.session_state[_OPENING] = state.session().links


def end_opening() -> None:
    """Hide the field for another file and show the open one again, from a callback."""
    _stop_reading()
    st.session_state.pop(_OPENING, None)


def show_opening(opened: Callable[[OwnData], None]) -> None:
    """Draw where a file is opened, and why the last one was not read. `opened` takes what was opened."""
    reading = st.session_state.get(_READING)
    watch = Watch(lambda: first_unfinished([reading]))  # before the job is looked at, so that its end is never missed
    _take_read(opened)
    browser.mount(
        "csv_file",
        {"label": "Open a CSV file", "words": "or drop it here. One row is one timestep."},
        key=_FILE, on_packed_change=lambda: open_packed(browser.sent(_FILE, "packed")),
    )  # fmt: skip
    if (job := st.session_state.get(_READING)) is not None:
        watch.draw(lambda: _show_reading(job))
    if fault := st.session_state.get(_FAULT):
        st.warning(for_markdown(fault, 1_000), icon=":material/error:")
    st.caption(
        "The first row has the names of the columns. The other rows have numbers or a few different words. Commas, "
        "semicolons, tabs or bars separate columns. Dates or times in one column put the rows in order. At most "
        f"{MOST_BYTES // 1_000_000} MB, {MOST_ROWS:,} rows and {MOST_COLUMNS} columns. This server stores the numbers "
        f"and names for up to {days(services().own_tables.days)} after the file was opened last. Whoever has the link "
        "of this page then sees the data."
    )
    if state.experiment().architecture.own is not None:
        helps.button("data.keep", "Keep the file that is open", end_opening)


def open_packed(packed: object) -> None:
    """Have a worker parse what a browser has sent, from a callback. If it is refused, keep the sentence that says why.

    Its bytes and lines are bounded before.
    """
    if not isinstance(packed, str) or not packed:
        return
    _stop_reading()
    try:
        text = services().own_tables.text(unpack(packed), visitor(), visitor_network())
    except Unreadable as unreadable:
        st.session_state[_FAULT] = str(unreadable)
        return
    reading = ReadTableJob(text=text)
    st.session_state[_READING] = services().jobs.submit(visitor(), reading.kind, reading, urgent=True)


def _take_read(opened: Callable[[OwnData], None]) -> None:
    """Once the worker has parsed the file, store and open its table, or keep the sentence that says what is wrong."""
    job: Job | None = st.session_state.get(_READING)
    if job is None or not job.ended:
        return
    found = job.result
    if not isinstance(found, Table):
        _stop_reading()
        st.session_state[_FAULT] = found or job.message
        return
    services().own_tables.keep(found, visitor())
    end_opening()
    st.session_state[_OPENED] = found.id
    opened(usual_data(found))
    state.redraw()  # parts of the page may have been drawn before the sidebar


def _stop_reading() -> None:
    """Forget the job that parses the file, its text, and what was wrong with it."""
    st.session_state.pop(_FAULT, None)
    job: Job | None = st.session_state.pop(_READING, None)
    if job is not None:
        services().jobs.cancel(visitor(), job.id)
        services().jobs.registry.evict(job)


def _show_reading(job: Job) -> None:
    view = job.look()
    st.caption(waiting_sentence(view) if view.state == "queued" else "The file is being read …")


def show_columns(own: OwnData) -> None:
    """Draw the columns that are features, what numbers stand for, and how far ahead the targets are."""
    names, targets = own.table.names, {head.task for head in state.experiment().architecture.heads}
    if st.session_state.get(_OPENED) == own.table.id:
        size = f"{counted(own.table.size, 'row')} and {counted(len(names), 'column')}"
        announce(_OPENED, own.table.id, f"The file is open. It has {size}.")

    def choose(columns: list[int]) -> None:
        if columns:  # at least one is left
            state.change(("architecture", "own", "columns"), sorted(columns))

    st.multiselect(
        "Features", own.table.readable, format_func=lambda column: names[column], help=helps.text("data.columns"),
        **controls.button_group_state("data.columns", list(own.columns), choose),
    )  # fmt: skip
    st.caption("What the network predicts is the task of each head.")
    for column in sorted({OWN_TASKS[task].column for task in targets if task in OWN_TASKS} & set(own.table.words)):
        words = "; ".join(f"{number}: {word}" for number, word in enumerate(own.table.words[column]))
        st.caption(for_markdown(f"The words of “{names[column]}” as numbers: {words}.", 1_000))
    FORM.draw("architecture.own.horizon", label="Horizon (rows)")
    if own.table.steps is not None:
        words = f"The rows are in the order of “{own.table.time}”, which is no feature. From one row to the next is "
        st.caption(for_markdown(f"{words}{own.table.steps.words}.", 1_000))


def show_notes() -> None:
    """Draw what may be wrong with the data, who sees them, and how long they are stored."""
    for sentence in traps(state.experiment()):
        st.warning(for_markdown(sentence, 600), icon=":material/warning:")
    st.caption(
        f":material/lock_open: Whoever has this link sees the data. They are deleted "
        f"{days(services().own_tables.days)} after the file was opened last, or earlier if this server is full."
    )


def show_storage(own: OwnData, leave: Callable[[], None]) -> None:
    """Draw the notes, where the table has gaps, and the buttons that replace or delete the data."""
    show_notes()
    for sentence in gaps(own.table):
        st.caption(for_markdown(sentence, 1_000))
    with st.container(horizontal=True):
        helps.button("data.another", "Open another file", begin_opening)
        if services().own_tables.owns(own.table.id, visitor()):
            helps.button("data.delete", "Delete the data", _delete, own, leave, icon=":material/delete:")


def _delete(own: OwnData, leave: Callable[[], None]) -> None:
    """Delete the table and leave it. If it is still stored, say why."""
    try:
        gone = services().delete_table(own.table.id, visitor())
    except TablesUnavailable as error:
        st.toast(f"It is not certain that the file was deleted, because {error}. Try again later.", duration="infinite")
        return
    leave()
    if gone is False:
        st.toast(
            "Your runs on the file are deleted. The file itself is still stored, because somebody else, or another "
            "browser of yours, has opened it, too.",
            duration="infinite",
        )
