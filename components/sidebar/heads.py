"""The heads: how many, and an editor for the one that the visitor chooses."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from typing import Any

import streamlit as st
from pydantic import ValidationError
from streamlit.delta_generator import DeltaGenerator

from backend.experiment.architecture import Architecture, Head
from backend.experiment.experiment import usual_head
from backend.experiment.styles import why_not_fused
from backend.experiment.tasks import OUTPUTS, description_of, task_of, tasks_of, title_of
from backend.experiment.url import Notice, Path, put, repair
from backend.words import listed
from components import help as helps
from components.session import controls, state
from components.session.form import menu
from components.sidebar.form import FORM
from components.sidebar.sections import pairs
from components.text import for_markdown, one_line

#: Heads that can be edited on a page. An experiment can have 64.
MOST_HEADS = 16
COUNT = "heads.count"
_CHOSEN, _REFUSED = "heads.chosen", "heads.refused"
_REMOVED = "heads.removed"  # the heads that the visitor removed, by their position: they come back as they were


def count(place: DeltaGenerator) -> None:
    """Draw the number of heads."""
    heads = state.experiment().architecture.heads
    place.number_input(
        "Number of heads", 1, MOST_HEADS, help=helps.text(COUNT),
        **controls.widget_state(COUNT, len(heads[:MOST_HEADS]), _resize),
    )  # fmt: skip


def show(besides: Collection[str] = ()) -> None:
    """Draw the number of heads, a button for each head, and the editor of the head whose button is pressed.

    The editor has a place of its own below the buttons, so it stays open when its head gets another title. The number
    may stand elsewhere (`besides`).
    """
    architecture = state.experiment().architecture
    heads = architecture.heads[:MOST_HEADS]
    if COUNT not in besides:
        count(st.container())
    if len(architecture.heads) > MOST_HEADS:
        st.caption(f"This experiment has {len(architecture.heads)} heads. Only the first {MOST_HEADS} can be edited.")
    if (st.session_state.get(_CHOSEN) or 0) >= len(heads):
        st.session_state[_CHOSEN] = None
    chosen = st.pills(
        "Edit a head", range(len(heads)), key=_CHOSEN, on_change=_choose, help=helps.text("heads.chosen"),
        default=st.session_state.get(_CHOSEN),
        format_func=lambda i: f"{i + 1} · {for_markdown(heads[i].title)}",
    )  # fmt: skip
    if chosen is not None:
        _editor(chosen, heads[chosen])
    if reason := why_not_fused(architecture):
        st.caption(f":material/info: A fused output is not available for these heads: {reason}.")


def _choose() -> None:
    st.session_state.pop(_REFUSED, None)


def _resize(count: int) -> None:
    settings = state.experiment().model_dump()
    heads = list(settings["architecture"]["heads"])
    wanted = min(int(count), MOST_HEADS)  # a browser may send more than the widget allows
    removed: dict[int, Head] = st.session_state.setdefault(_REMOVED, {})
    removed.update(enumerate(state.experiment().architecture.heads[wanted:], wanted))
    while len(heads) < wanted:
        names = [head["name"] for head in heads]
        again = removed.get(len(heads))
        head = again if again and _fits(again, settings["architecture"]) else _new_head(heads)
        heads.append(head.model_dump() | {"name": unused_name(head.name, names)})
    settings["architecture"]["heads"] = heads[:wanted]
    state.replace(*repair(settings))


def _fits(head: Head, architecture: dict[str, Any]) -> bool:
    """Whether the input of an architecture has what a head predicts, and is long and wide enough for it."""
    with suppress(ValidationError):
        return bool(Architecture.model_validate(architecture | {"heads": [head]}))
    return False


def _new_head(heads: list[dict[str, Any]]) -> Head:
    """A head for a task that no head has."""
    source, tasks = state.experiment().architecture.source, [head["task"] for head in heads]
    offered = [task for task in tasks_of(source) if source.recorded or task_of(task).kind == "regression"]
    free = [task for task in offered if task not in tasks] or [source.tasks[0]]
    return usual_head(source, free[0])


def _editor(i: int, head: Head) -> None:
    path: Path = ("architecture", "heads", i)
    _task(i, head, path)
    needs = zip(head.spec.smallest_input(head.units), ("timesteps", "features"), strict=True)
    least = listed(f"{number} {what}" for number, what in needs if number > 1)
    description = for_markdown(description_of(state.experiment().architecture.source, head.task), 1_000)
    st.caption(description + (f" Needs at least {least}." if least else ""))
    activations, losses = OUTPUTS[head.spec.kind]
    low, high = head.spec.units
    place, key = pairs(), f"architecture.heads.{i}"
    _name(place, i, head, path)
    FORM.draw(f"{key}.label", place, placeholder=head.name)
    refused = st.session_state.get(_REFUSED)
    if refused and refused[0] == (i, state.experiment()):  # it goes with the next change
        st.warning(refused[1])
    place = pairs()
    FORM.draw(f"{key}.units", place, min_value=low, max_value=high)
    FORM.draw(f"{key}.hidden.count", place)
    for j in range(len(head.hidden)):
        FORM.draw(f"{key}.hidden.{j}", place)
    place = pairs()
    FORM.draw(f"{key}.activation", place, options=activations)
    FORM.draw(f"{key}.loss", place, options=losses)


def _name(place: DeltaGenerator, i: int, head: Head, path: Path) -> None:
    """The name. One that cannot be used is refused in a sentence beside the field, and the head keeps its name."""

    def rename(wanted: str) -> None:
        experiment = state.experiment()
        other = next(
            (j for j, each in enumerate(experiment.architecture.heads) if j != i and each.name == wanted), None
        )
        settings = experiment.model_dump()
        put(settings, (*path, "name"), wanted)
        renamed, notices = repair(settings)
        if other is None and not notices:
            state.replace(renamed)
            return
        reason = notices[0].reason if other is None else f"head {other + 1} has this name; each head needs its own"
        notice = Notice("Name in code", one_line(wanted, 40), reason, f"The name stays “{head.name}”.")
        st.session_state[_REFUSED] = ((i, experiment), for_markdown(notice.sentence, 400))

    FORM.draw(f"architecture.heads.{i}.name", place, label="Name in code", max_chars=31, write=rename)


def _task(i: int, head: Head, path: Path) -> None:
    """The menu of tasks. A new task brings its usual name, units, activation and loss; the label stays."""

    def change_task(task: str) -> None:
        names = [other.name for j, other in enumerate(state.experiment().architecture.heads) if j != i]
        if task not in offered:
            state.change((*path, "task"), task)
            return
        usual = usual_head(source, task)
        changes = {"name": unused_name(usual.name, names), "label": head.label}
        state.change(path, usual.model_dump() | changes)

    source = state.experiment().architecture.source
    offered = tasks_of(source)
    titles = {task: title_of(source, task) for task in offered}
    menu("Task", titles, f"head.{i}.task", head.task, change_task)


def unused_name(stem: str, names: list[str]) -> str:
    """`stem`; if `names` has it, its beginning with a number that makes the name new."""
    return next(name for name in (stem, *(f"{stem[:27]}_{n}" for n in range(2, 100))) if name not in names)
