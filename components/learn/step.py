"""One step of a lesson: predict, see what is measured, read why, go on. Before the prediction no result is sent."""

from __future__ import annotations

import re

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from backend.experiment import Experiment
from backend.experiment.differences import differences
from backend.experiment.url import write_query
from backend.jobs import JobView
from backend.lessons import Lesson, Step
from backend.lessons.findings import of_run
from backend.lessons.parser import attempt
from backend.lessons.vocabulary import OPEN
from backend.services import services
from backend.words import minus
from components import browser
from components import help as helps
from components.layout.embedded import is_embedded
from components.learn import ask, choice, lab, measured, mistake, settings
from components.learn.panels import BEFORE_VERDICT, PANELS
from components.live.job_status import waiting_sentence
from components.live.polling import Watch
from components.session import state
from components.session.visitor import visitor
from components.text import for_markdown, spoken

#: What the key of a container with a heading begins with.
_TITLE = "learn.title"
#: The page of each step's experiment, with its name.
_PAGES = {"compare": "Compare", "train": "Train", "claims": "Claims", "topologies": "Topologies", "lab": "Lab"}


def show(lesson: Lesson, step: Step, *, alone: bool = False) -> None:
    """Draw the step, with buttons to the other steps unless it stands `alone`."""
    number = lesson.steps.index(step) + 1
    st.caption(f"Step {number} of {len(lesson.steps)}")
    with heading_container(f"{lesson.id}.{step.id}", _stage(lesson, step)):
        st.header(for_markdown(step.title), anchor=False)
    st.markdown(step.text)
    _experiment(lesson, step)
    if not alone:
        _navigation(lesson, step)


def heading_container(place: str, stage: str = "ask") -> DeltaGenerator:
    """A container for the heading of a step, or with the place "" for that of the list of lessons.

    When a visitor comes there, the heading gets the focus; after their prediction, the part that `stage` names gets it.
    """
    container = st.container(key=f"{_TITLE}.{place}", gap=None)
    with container:
        title = re.sub(r"[^a-zA-Z0-9_-]", "-", f"st-key-{_TITLE}.{place}")
        browser.mount("step", {"title": title, "stage": stage}, key="learn.lead")
    return container


def _stage(lesson: Lesson, step: Step) -> str:
    progress, me = services().progress, visitor()
    if progress.prediction(lesson, step, me) is None:
        return "ask"
    return "why" if step.why and progress.has_opened_reason(lesson, step, me) else "kept"


def _experiment(lesson: Lesson, step: Step) -> None:
    """Draw the question of the step, and its measurement."""
    experiment = settings.experiment(lesson, step)
    answered = services().progress.prediction(lesson, step, visitor()) is not None
    step_mistake = measured.mistake_of(step)
    if step_mistake is None or answered:  # a script is so fast that it can start after the prediction
        measured.request(step, experiment)
    # Some of this comes and goes. In a container, so that the status below keeps its place and the browser its node.
    with st.container():
        if step_mistake is not None:
            mistake.show_script(step_mistake)
        if refused := measured.refused_scripts(step):
            st.warning(refused, icon=":material/block:")
        _panels(step, sealed=False)
        if step.block.before and measured.pending(step, experiment) is not None:
            st.markdown("The picture comes when the training has ended.")
        if not answered:
            ask.show(lesson, step, spoken(step_mistake.question) if step_mistake is not None else "What do you expect?")
        elif step_mistake is not None:
            st.markdown(f"**{step_mistake.question}**")
    watch = Watch(lambda: measured.pending(step, experiment) if answered or step.block.before else None)
    is_ready = answered and measured.pending(step, experiment) is None
    watch.draw(lambda: _status(lesson, step))
    if is_ready:
        _result(lesson, step)


def _panels(step: Step, *, sealed: bool, lesson: Lesson | None = None) -> None:
    experiment, page = settings.experiment(lesson, step) if lesson else step.experiment, step.block.page
    if page == "mistake":  # which `mistake` draws
        return
    for name in () if sealed else step.block.before:
        (BEFORE_VERDICT.get((page, name)) or PANELS[page, name])(experiment)
    for name in step.block.show:
        if (name not in OPEN) == sealed:
            PANELS[page, name](experiment)


def _status(lesson: Lesson, step: Step) -> None:
    """One line that a screen reader reads when it changes."""
    with st.container(key="learn.status"):
        st.markdown(f'<div role="status">{_status_sentence(lesson, step)}</div>', unsafe_allow_html=True)


def _status_sentence(lesson: Lesson, step: Step) -> str:
    predicted = services().progress.prediction(lesson, step, visitor())
    if predicted is None:
        return "Choose what you expect, then submit it. The result follows."
    experiment = settings.experiment(lesson, step)
    view = measured.pending(step, experiment)
    if view is not None:
        return f"Prediction submitted. {_progress(step, view)}"
    if measured.failure(step, experiment):
        return "Your prediction is submitted, but there is no result."
    if settings.is_changed(lesson, step):
        return "The result is here, with other settings than those of the question."
    answer = measured.answer(step)
    if answer is None:
        return "The result is here: none of the answers matches it."
    return f"The result is here: your prediction was {'right' if predicted == answer else 'not right'}."


def _progress(step: Step, view: JobView) -> str:
    if view.state == "queued":
        return f"{waiting_sentence(view).rstrip('.')}."
    if step.block.page == "mistake":
        return "Keras runs both scripts …"
    return f"Keras trains both {step.experiment.noun}s …" if step.block.run != "none" else "Keras measures …"


def _result(lesson: Lesson, step: Step) -> None:
    """Draw what follows the prediction once all is measured: the mark and the panels, then the reason on request."""
    experiment = settings.experiment(lesson, step)
    if reason := measured.failure(step, experiment):
        st.warning(for_markdown(reason, 400), icon=":material/error:")
        st.button(
            "Try again", key="learn.again", on_click=lambda: measured.request(step, experiment, again=True),
            help=helps.text("learn.again"),
        )  # fmt: skip
        return
    if not settings.is_changed(lesson, step):
        _mark(lesson, step)
        _measured(step)
    if step.look:
        st.subheader("Look", anchor=False)
        st.markdown(step.look)
    _panels(step, sealed=True, lesson=lesson)
    if (shown := measured.mistake_of(step)) is not None:
        mistake.show(shown)
    settings.show(lesson, step)
    _variants(lesson, step)
    _explain(lesson, step)


def _measured(step: Step) -> None:
    """Draw the figure of a training that the question is about, as the end of the lesson gives it."""
    now = measured.run(step.experiment) if step.block.page == "train" else None
    if now is not None and now.run is not None and (words := of_run(step, now.run.epochs)):
        st.markdown(words)


def _mark(lesson: Lesson, step: Step) -> None:
    """Draw what the visitor predicted, and the right answer."""
    predicted = services().progress.prediction(lesson, step, visitor())
    if predicted is None:
        return
    if not services().progress.has_seen_result(lesson, step, visitor()):
        services().progress.mark_result_seen(lesson, step, visitor())
        state.redraw()  # the list of steps, which is drawn already, has the mark, too
    sure = services().progress.sure(lesson, step, visitor())
    number = services().progress.number(lesson, step, visitor())
    given = step.words(predicted) if number is None else minus(f"{number:.12g}")
    prediction = f"You predicted: {given}{f' ({sure})' if sure in ask.SURE else ''}."
    right = measured.answer(step)
    if right is None:
        st.markdown(f"{prediction} None of the answers matches the measurement.")
    elif predicted == right:
        st.markdown(f":green[**✓ Right.**] {prediction}")
    else:
        st.markdown(f":red[**✗ Not right.**] {prediction}  \n**The answer:** {step.words(right)}.")


def _variants(lesson: Lesson, step: Step) -> None:
    """Draw the settings that the visitor may try after their answer, and the button that restores the step's."""
    predicted = services().progress.prediction(lesson, step, visitor())
    chosen = step.chosen(predicted) if predicted is not None else ()
    option = next((step.options[i] for i in chosen if step.options[i].attempt), None)
    changed = settings.is_changed(lesson, step)
    with st.container(horizontal=True, vertical_alignment="center", key="learn.variants"):
        if option is not None and not changed:
            other = attempt(step, option)
            changes = ", ".join(differences(other, step.experiment))
            st.button(
                f"Try it with {changes}" if changes else "Try it", icon=":material/experiment:", key="learn.attempt",
                on_click=settings.change, args=(lesson, step, other), help=helps.text("learn.attempt"),
            )  # fmt: skip
        if changed:
            changes = ", ".join(differences(settings.experiment(lesson, step), step.experiment))
            st.markdown(f"You see the experiment with {for_markdown(changes)}.", width="content")
            st.button(
                "Back to the step's settings", icon=":material/undo:", key="learn.back", on_click=settings.change,
                args=(lesson, step, None), help=helps.text("learn.back"),
            )  # fmt: skip
        if step.block.page in _PAGES and not is_embedded():  # a frame has a link of its own, which opens a tab
            _link(lesson, step)


def page_query(step: Step, experiment: Experiment | None = None) -> dict[str, list[str]]:
    """The query with which the step's page shows the `experiment`; without one, that of the step."""
    query = write_query(experiment or step.experiment) or {"seed": ["0"]}  # an empty query would change nothing
    if step.block.page == "topologies":
        query |= {"topology": [step.block.show[0]]}
    if step.block.page == "lab":
        query |= lab.query(step.block.show[0])
    return query


def _link(lesson: Lesson, step: Step) -> None:
    """The same experiment on its own page. Only this link replaces the visitor's experiment."""
    page, query = step.block.page, page_query(step, settings.experiment(lesson, step))
    st.page_link(f"{page}.py", label=f"Open in {_PAGES[page]}", icon=":material/open_in_new:", query_params=query)


def _explain(lesson: Lesson, step: Step) -> None:
    progress, me = services().progress, visitor()
    if not step.why:
        return
    if step.block.page == "mistake":  # the panel gives the reason, so nobody has to ask for it
        st.markdown(f"**In short:** {step.why}")
        return
    if progress.has_opened_reason(lesson, step, me):
        with st.container(key="learn.reason"):
            st.subheader("Why", anchor=False)
        st.markdown(step.why)
        return

    st.button(
        "Why?", type="primary", key="learn.why", width="stretch", on_click=progress.open_reason,
        args=(lesson, step, me), help=helps.text("learn.why"),
    )  # fmt: skip


def _navigation(lesson: Lesson, step: Step) -> None:
    """Draw the buttons to the previous and the next step, and after the last one to the score."""
    progress, me = services().progress, visitor()
    at, last = lesson.steps.index(step), len(lesson.steps) - 1
    ready = progress.has_seen_result(lesson, step, me) and (
        not step.why or step.block.page == "mistake" or progress.has_opened_reason(lesson, step, me)
    )
    with st.container(horizontal=True, key="learn.leave"):
        if at:
            st.button(
                "Previous step", icon=":material/arrow_back:", key="learn.previous", on_click=choice.go_to,
                args=(lesson, lesson.steps[at - 1]), help=helps.text("learn.previous"),
            )  # fmt: skip
        if at < last:
            st.button(
                "Next step", icon=":material/arrow_forward:", type="primary" if ready else "tertiary",
                key="learn.next", on_click=choice.go_to, args=(lesson, lesson.steps[at + 1]),
                help=helps.text("learn.next"),
            )  # fmt: skip
        else:
            st.button(
                "See your score", icon=":material/arrow_forward:", type="primary" if ready else "tertiary",
                key="learn.end", on_click=choice.finish, args=(lesson,), help=helps.text("learn.end"),
            )  # fmt: skip
        choice.show_restart(lesson)
