"""A CSV file of the visitor's own as sequences: where it is opened, its columns, and how long it is stored."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from backend.experiment.architecture import Architecture
from backend.experiment.experiment import usual_head
from backend.experiment.own_table import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, Table, TablesUnavailable
from backend.experiment.sources import OwnData, usual_data
from backend.experiment.tasks import OWN_TASKS
from backend.experiment.url import repair
from backend.jobs import Job
from backend.own_csv.gaps import gaps, number_of_gaps, windows_left
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
from components.sidebar.heads import MOST_HEADS, unused_name
from components.text import for_markdown

_WINDOW: int = Architecture.model_fields["timesteps"].default  # rows in a window
_OPENING, _FILE, _FAULT, _OPENED = "data.opening", "data.file", "data.fault", "data.opened"
_READING = "data.reading"  # the job that parses the file
_WITH_GAPS = "data.with_gaps"  # a table that the visitor may open without the windows that touch its gaps
_STILL_STORED = "data.still_stored"


def is_opening() -> bool:
    """Whether the visitor has chosen to open a file, and since then neither opened one nor followed a link to one."""
    return st.session_state.get(_OPENING) == _open_id()


def begin_opening() -> None:
    """Show where a file is opened, from a callback."""
    st.session_state[_OPENING] = _open_id()


def end_opening() -> None:
    """Hide the field for another file and show the open one again, from a callback."""
    _stop_reading()
    st.session_state.pop(_OPENING, None)


def _open_id() -> str:
    own, source = state.experiment().architecture.own, state.experiment().architecture.source
    return own.table.id if own is not None else source.key


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
    if (table := st.session_state.get(_WITH_GAPS)) is not None:
        _show_gaps(table, opened)
    st.caption(
        "The first row has the names of the columns. The other rows have numbers or a few different words. Commas, "
        "semicolons, tabs or bars separate columns. Dates or times in one column put the rows in order. At most "
        f"{MOST_BYTES // 1_000_000} MB, {MOST_ROWS:,} rows and {MOST_COLUMNS} columns. This server stores the numbers "
        f"and names for up to {days(services().own_tables.days)} after the file was opened last. Whoever has the link "
        "of this page then sees the data."
    )
    if state.experiment().architecture.own is not None:
        st.button("Keep the file that is open", key="data.keep", on_click=end_opening, help=helps.text("data.keep"))


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
    _stop_reading()
    if not isinstance(found, Table):
        st.session_state[_FAULT] = found or job.message
    elif not found.whole.all():
        st.session_state[_WITH_GAPS] = found
    else:
        _open(found, opened)
        state.redraw()  # parts of the page may have been drawn before the sidebar


def _open(table: Table, opened: Callable[[OwnData], None]) -> None:
    """Store and open a table."""
    services().own_tables.keep(table, visitor())
    end_opening()
    st.session_state[_OPENED] = st.session_state.get(_OPENED, 0) + 1
    opened(usual_data(table))


def _show_gaps(table: Table, opened: Callable[[OwnData], None]) -> None:
    """Draw where the table has gaps, and the choice to leave out what touches them."""
    left, possible = windows_left(table, _WINDOW)
    sentences = (
        f"The file has {counted(number_of_gaps(table), 'gap')}.",
        *gaps(table),
        f"Of {possible:,} windows of {_WINDOW} rows and the next one, {left:,} touch no gap.",
    )
    st.warning("\n\n".join(for_markdown(each, 1_000) for each in sentences), icon=":material/warning:")
    st.button(
        "Leave out the windows that touch a gap", key="data.gaps", on_click=_open, args=(table, opened),
        help=helps.text("data.gaps"),
    )  # fmt: skip
    st.caption("Or fill the gaps in the file, or leave out a column, and open it again.")


def _stop_reading() -> None:
    """Forget the job that parses the file, its text, and what was found in it."""
    for key in (_FAULT, _WITH_GAPS):
        st.session_state.pop(key, None)
    job: Job | None = st.session_state.pop(_READING, None)
    if job is not None:
        services().jobs.cancel(visitor(), job.id)
        services().jobs.registry.evict(job)


def _show_reading(job: Job) -> None:
    view = job.look()
    st.caption(waiting_sentence(view) if view.state == "queued" else "The file is being read …")


def show_columns(own: OwnData) -> None:
    """Draw the columns that are features and those that are targets, and how far ahead the targets are."""
    names, choices = own.table.names, own.choices
    targets = list(dict.fromkeys(head.task for head in state.experiment().architecture.heads))
    if times := st.session_state.get(_OPENED):
        size = f"{counted(own.table.size, 'row')} and {counted(len(names), 'column')}"
        announce(_OPENED, str(times), f"The file is open. It has {size}.")

    def choose(columns: list[int]) -> None:
        if columns:  # at least one is left
            state.change(("architecture", "own", "columns"), sorted(columns))

    st.multiselect(
        "Features", own.table.readable, format_func=lambda column: names[column], help=helps.text("data.columns"),
        **controls.button_group_state("data.columns", list(own.columns), choose),
    )  # fmt: skip
    st.multiselect(
        "Targets", list(choices), format_func=lambda task: choices[task].title, help=helps.text("data.targets"),
        max_selections=max(MOST_HEADS, len(targets)),
        **controls.button_group_state("data.targets", targets, lambda tasks: _choose_targets(own, tasks)),
    )  # fmt: skip
    for column in sorted({OWN_TASKS[task].column for task in targets if task in OWN_TASKS} & set(own.table.words)):
        words = "; ".join(f"{number}: {word}" for number, word in enumerate(own.table.words[column]))
        st.caption(for_markdown(f"The words of “{names[column]}” as numbers: {words}.", 1_000))
    FORM.draw("architecture.own.horizon", label="Horizon (rows)")
    if own.table.steps is not None:
        words = f"The rows are in the order of “{own.table.time}”, which is no feature. From one row to the next is "
        st.caption(for_markdown(f"{words}{own.table.steps.words}.", 1_000))


def _choose_targets(own: OwnData, tasks: list[str]) -> None:
    """Have a head for each of these tasks: heads that have one of them stay, and new ones come after them.

    A head that stays keeps its loss weight and its scale, which are stored by position.
    """
    now = state.experiment()
    kept = [position for position, head in enumerate(now.architecture.heads) if head.task in tasks]
    heads = [now.architecture.heads[position] for position in kept]
    for task in tasks[: MOST_HEADS + len(heads)]:
        if task in own.choices and all(head.task != task for head in heads):
            head = usual_head(own.source, task)
            heads.append(head.model_copy(update={"name": unused_name(head.name, [each.name for each in heads])}))
    if not heads:  # at least one is left
        return
    settings = now.model_dump()
    settings["architecture"]["heads"] = [head.model_dump() for head in heads]
    for group, name in (("training", "weights"), ("versus", "weights"), ("sequences", "noise"), ("sequences", "scale")):
        if values := settings[group][name]:
            settings[group][name] = [values[position] for position in kept if position < len(values)]
    state.replace(*repair(settings))


def show_notes() -> None:
    """Draw what may be wrong with the data, who sees them, and how long they are stored."""
    for sentence in traps(state.experiment()):
        st.warning(for_markdown(sentence, 600), icon=":material/warning:")
    st.caption(
        f":material/lock_open: Whoever has this link sees the data. They are deleted "
        f"{days(services().own_tables.days)} after the file was opened last, or earlier if this server is full."
    )


def show_storage(own: OwnData, leave: Callable[[], None]) -> None:
    """Draw the notes, and the buttons that replace or delete the data."""
    show_notes()
    with st.container(horizontal=True):
        st.button("Open another file", key="data.another", on_click=begin_opening, help=helps.text("data.another"))
        if services().own_tables.owns(own.table.id, visitor()):
            st.button(
                "Delete the data", icon=":material/delete:", key="data.delete", on_click=_delete, args=(own, leave),
                help=helps.text("data.delete"),
            )  # fmt: skip


def show_deletion() -> None:
    """Draw, after a press on Delete and until the settings change, why the file is still stored."""
    words, settings = st.session_state.get(_STILL_STORED, ("", ""))
    if settings == state.experiment().key():
        st.info(words, icon=":material/info:")


def _delete(own: OwnData, leave: Callable[[], None]) -> None:
    try:
        gone = services().delete_table(own.table.id, visitor())
    except TablesUnavailable as error:
        words = f"It is not certain that the file was deleted, because {error}. Try again later."
    else:
        leave()
        words = (
            "Your runs on the file are deleted. The file itself is still stored, because somebody else, or another "
            "browser of yours, has opened it, too."
        )
        if gone is not False:
            return
    st.session_state[_STILL_STORED] = words, state.experiment().key()
