"""One step of a lesson: predict, see what is measured, read why, go on. Before the prediction no result is sent."""

from __future__ import annotations

import re

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from backend.experiment.differences import differences
from backend.jobs import JobView
from backend.lessons import Lesson, Step
from backend.lessons.parser import attempt
from backend.services import services
from backend.words import minus
from components import browser
from components import help as helps
from components.layout.embedded import is_embedded
from components.learn import ask, choice, measured, mistake, settings
from components.learn.panels import page_query, panel_of
from components.live.job_status import waiting_sentence
from components.live.polling import Watch
from components.session import state
from components.session.visitor import visitor
from components.text import for_markdown, spoken

#: What the key of a container with a heading begins with.
_TITLE = "learn.title"


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
    if _predicted(lesson, step) is None:
        return "ask"
    return "why" if step.why and services().progress.has_opened_reason(lesson, step, visitor()) else "kept"


def _predicted(lesson: Lesson, step: Step) -> int | None:
    return services().progress.prediction(lesson, step, visitor())


def _shown(lesson: Lesson, step: Step) -> Step:
    """The step with the experiment that the visitor has made of its own. Its answers are kept for the step itself."""
    return step.model_copy(update={"experiment": settings.experiment(lesson, step)})


def _experiment(lesson: Lesson, step: Step) -> None:
    """Draw the question of the step, and its measurement."""
    panel, answered = panel_of(step), _predicted(lesson, step) is not None
    shown, step_mistake = _shown(lesson, step), mistake.mistake_of(step)

    def pending() -> JobView | None:
        # A script is so fast that it can start after the prediction.
        return measured.pending(shown) if answered or step_mistake is None else None

    waiting = pending()
    # Some of this comes and goes. In a container, so that the status below keeps its place and the browser its node.
    with st.container():
        for name in step.block.before:
            panel.draw_before(name, step)
        panel.draw_question(step)
        if step.block.before and waiting is not None:
            st.markdown("The picture comes when the training has ended.")
        if not answered:
            ask.show(lesson, step, spoken(step_mistake.question) if step_mistake is not None else "What do you expect?")
        elif step_mistake is not None:
            st.markdown(f"**{step_mistake.question}**")
    watch = Watch(lambda: pending() if answered or step.block.before else None)
    is_ready = answered and pending() is None
    watch.draw(lambda: _status(lesson, step))
    if is_ready:
        _result(lesson, step)


def _status(lesson: Lesson, step: Step) -> None:
    """One line that a screen reader reads when it changes."""
    with st.container(key="learn.status"):
        st.markdown(f'<div role="status">{_status_sentence(lesson, step)}</div>', unsafe_allow_html=True)


def _status_sentence(lesson: Lesson, step: Step) -> str:
    predicted, shown = _predicted(lesson, step), _shown(lesson, step)
    if predicted is None:
        return "Choose what you expect, then submit it. The result follows."
    if (view := measured.pending(shown)) is not None:
        return f"Prediction submitted. {_progress(step, view)}"
    if measured.failure(shown):
        return "Your prediction is submitted, but there is no result."
    if settings.is_changed(lesson, step):
        return "The result is here, with other settings than those of the question."
    answer = panel_of(step).right(step)
    if answer is None:
        return "The result is here: none of the answers matches it."
    return f"The result is here: your prediction was {'right' if predicted == answer else 'not right'}."


def _progress(step: Step, view: JobView) -> str:
    if view.state == "queued":
        return f"{waiting_sentence(view).rstrip('.')}."
    return panel_of(step).doing(step)


def _result(lesson: Lesson, step: Step) -> None:
    """Draw what follows the prediction once all is measured: the mark and the panels, then the reason on request."""
    panel, shown = panel_of(step), _shown(lesson, step)
    if reason := measured.failure(shown):
        st.warning(for_markdown(reason, 400), icon=":material/error:")
        helps.button("learn.again", "Try again", panel.views, shown, True)
        return
    if not settings.is_changed(lesson, step):
        _mark(lesson, step)
        if step.block.run != "none" and (words := panel.finding(step)):
            st.markdown(words)  # the figure that the question is about, as the end of the lesson gives it
    if step.look:
        st.subheader("Look", anchor=False)
        st.markdown(step.look)
    panel.draw_result(shown)
    settings.show(lesson, step)
    _variants(lesson, step)
    _explain(lesson, step)


def _mark(lesson: Lesson, step: Step) -> None:
    """Draw what the visitor predicted, and the right answer."""
    progress, me, predicted = services().progress, visitor(), _predicted(lesson, step)
    if predicted is None:
        return
    if not progress.has_seen_result(lesson, step, me):
        progress.mark_result_seen(lesson, step, me)
        state.redraw()  # the list of steps, which is drawn already, has the mark, too
    sure, number = progress.sure(lesson, step, me), progress.number(lesson, step, me)
    given = step.words(predicted) if number is None else minus(f"{number:.12g}")
    prediction = f"You predicted: {given}{f' ({sure})' if sure in ask.SURE else ''}."
    right = panel_of(step).right(step)
    if right is None:
        st.markdown(f"{prediction} None of the answers matches the measurement.")
    elif predicted == right:
        st.markdown(f":green[**✓ Right.**] {prediction}")
    else:
        st.markdown(f":red[**✗ Not right.**] {prediction}  \n**The answer:** {step.words(right)}.")


def _variants(lesson: Lesson, step: Step) -> None:
    """Draw the settings that the visitor may try after their answer, and the button that restores the step's.

    The link opens the same experiment on its own page. Only this link replaces the visitor's experiment.
    """
    predicted, shown, title = _predicted(lesson, step), _shown(lesson, step), panel_of(step).title
    chosen = step.chosen(predicted) if predicted is not None else ()
    option = next((step.options[i] for i in chosen if step.options[i].attempt), None)
    changed = settings.is_changed(lesson, step)
    with st.container(horizontal=True, vertical_alignment="center", key="learn.variants"):
        if option is not None and not changed:
            other = attempt(step, option)
            changes = ", ".join(differences(other, step.experiment))
            words = f"Try it with {changes}" if changes else "Try it"
            helps.button("learn.attempt", words, settings.change, lesson, step, other, icon="experiment")
        if changed:
            changes = ", ".join(differences(shown.experiment, step.experiment))
            st.markdown(f"You see the experiment with {for_markdown(changes)}.", width="content")
            words = "Back to the step's settings"
            helps.button("learn.back", words, settings.change, lesson, step, None, icon="undo")
        if title and not is_embedded():  # a frame has a link of its own, which opens a tab
            st.page_link(
                f"{step.block.page}.py", label=f"Open in {title}", icon=":material/open_in_new:",
                query_params=page_query(shown),
            )  # fmt: skip


def _explain(lesson: Lesson, step: Step) -> None:
    progress, me = services().progress, visitor()
    if not step.why:
        return
    if panel_of(step).explains:  # the panel gives the reason, so nobody has to ask for it
        st.markdown(f"**In short:** {step.why}")
        return
    if progress.has_opened_reason(lesson, step, me):
        with st.container(key="learn.reason"):
            st.subheader("Why", anchor=False)
        st.markdown(step.why)
        return

    helps.button("learn.why", "Why?", progress.open_reason, lesson, step, me, type="primary", width="stretch")


def _navigation(lesson: Lesson, step: Step) -> None:
    """Draw the buttons to the previous and the next step, and after the last one to the score."""
    progress, me = services().progress, visitor()
    at, last = lesson.steps.index(step), len(lesson.steps) - 1
    ready = progress.has_seen_result(lesson, step, me) and (
        not step.why or panel_of(step).explains or progress.has_opened_reason(lesson, step, me)
    )
    type = "primary" if ready else "tertiary"
    with st.container(horizontal=True, key="learn.leave"):
        if at:
            before = lesson.steps[at - 1]
            helps.button("learn.previous", "Previous step", choice.go_to, lesson, before, icon="arrow_back")
        if at < last:
            after = lesson.steps[at + 1]
            helps.button("learn.next", "Next step", choice.go_to, lesson, after, icon="arrow_forward", type=type)
        else:
            helps.button("learn.end", "See your score", choice.finish, lesson, icon="arrow_forward", type=type)
        choice.show_restart(lesson)
