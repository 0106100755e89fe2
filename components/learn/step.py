"""One step of a lesson: predict, see what is measured, read why, go on. Before the prediction no result is sent."""

from __future__ import annotations

import re

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from backend.experiment.differences import differences
from backend.jobs import JobView
from backend.lessons import Lesson, Step
from backend.lessons.ending import Mark
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
#: What is said when the result comes.
_OUTCOMES: dict[Mark, str] = {
    "right": "your prediction was right", "wrong": "your prediction was not right",
    "no option": "none of the answers matches it",
}  # fmt: skip


def show(lesson: Lesson, step: Step, *, alone: bool = False) -> None:
    """Draw the step, with buttons to the other steps unless it stands `alone`."""
    st.caption(f"Step {lesson.steps.index(step) + 1} of {len(lesson.steps)}")
    stage = "ask" if _predicted(lesson, step) is None else "why" if step.why and _explained(lesson, step) else "kept"
    with heading_container(f"{lesson.id}.{step.id}", stage):
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


def _predicted(lesson: Lesson, step: Step) -> int | None:
    return services().progress.prediction(lesson, step, visitor())


def _explained(lesson: Lesson, step: Step) -> bool:
    """Whether the visitor need not ask for the reason: it is open, there is none, or the result gives it."""
    opened = services().progress.has_opened_reason(lesson, step, visitor())
    return not step.why or panel_of(step).explains or opened


def _shown(lesson: Lesson, step: Step) -> Step:
    """The step with the experiment that the visitor has made of its own. Its answers are kept for the step itself."""
    return step.model_copy(update={"experiment": settings.experiment(lesson, step)})


def _experiment(lesson: Lesson, step: Step) -> None:
    """Draw the question of the step, and its measurement."""
    panel, answered = panel_of(step), _predicted(lesson, step) is not None
    shown, scripts = _shown(lesson, step), mistake.mistake_of(step)

    def pending() -> JobView | None:
        # A script is so fast that it can start after the prediction.
        return measured.pending(shown) if answered or scripts is None else None

    waiting, question = pending(), spoken(scripts.question) if scripts else "What do you expect?"
    # Some of this comes and goes. In a container, so that the status below keeps its place and the browser its node.
    with st.container():
        for name in step.block.before:
            panel.draw_before(name, step)
        panel.draw_question(step)
        if step.block.before and waiting is not None:
            st.markdown("The picture comes when the training has ended.")
        if not answered:
            ask.show(lesson, step, question)
        elif scripts is not None:
            st.markdown(f"**{scripts.question}**")
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
    shown = _shown(lesson, step)
    if _predicted(lesson, step) is None:
        return "Choose what you expect, then submit it. The result follows."
    if (view := measured.pending(shown)) is not None:
        queued = view.state == "queued"
        return f"Prediction submitted. {waiting_sentence(view) if queued else panel_of(step).doing(step)}"
    if measured.failure(shown):
        return "Your prediction is submitted, but there is no result."
    if settings.is_changed(lesson, step):
        return "The result is here, with other settings than those of the question."
    return f"The result is here: {_OUTCOMES.get(measured.mark(lesson, step), 'see below')}."


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
    mark, right = measured.mark(lesson, step), panel_of(step).right(step)
    answer = f"  \n**The answer:** {step.words(right)}." if right is not None and mark == "wrong" else ""
    st.markdown(f"{measured.MARKS[mark]} You predicted: {given}{f' ({sure})' if sure else ''}.{answer}")


def _variants(lesson: Lesson, step: Step) -> None:
    """Draw the settings that the visitor may try after their answer, and the button that restores the step's.

    The link opens the same experiment on its own page. Only this link replaces the visitor's experiment.
    """
    predicted, shown = _predicted(lesson, step), _shown(lesson, step)
    chosen = step.chosen(predicted) if predicted is not None else ()
    tried = [attempt(step, step.options[i]) for i in chosen if step.options[i].attempt]
    with st.container(horizontal=True, vertical_alignment="center", key="learn.variants"):
        if settings.is_changed(lesson, step):
            changes = ", ".join(differences(shown.experiment, step.experiment))
            st.markdown(f"You see the experiment with {for_markdown(changes)}.", width="content")
            words = "Back to the step's settings"
            helps.button("learn.back", words, settings.change, lesson, step, None, icon=":material/undo:")
        elif tried:
            words = f"Try it with {', '.join(differences(tried[0], step.experiment))}"
            helps.button("learn.attempt", words, settings.change, lesson, step, tried[0], icon=":material/experiment:")
        if shown.has_page and not is_embedded():  # a frame has a link of its own, which opens a tab
            st.page_link(
                f"{step.block.page}.py", label=f"Open in {panel_of(step).title}", icon=":material/open_in_new:",
                query_params=page_query(shown),
            )  # fmt: skip


def _explain(lesson: Lesson, step: Step) -> None:
    if not step.why:
        return
    if panel_of(step).explains:
        st.markdown(f"**In short:** {step.why}")
    elif _explained(lesson, step):
        with st.container(key="learn.reason"):
            st.subheader("Why", anchor=False)
        st.markdown(step.why)
    else:
        open_reason = services().progress.open_reason
        helps.button("learn.why", "Why?", open_reason, lesson, step, visitor(), type="primary", width="stretch")


def _navigation(lesson: Lesson, step: Step) -> None:
    """Draw the buttons to the previous and the next step, and after the last one to the score."""
    at = lesson.steps.index(step)
    ready = services().progress.has_seen_result(lesson, step, visitor()) and _explained(lesson, step)
    key, words, after = "learn.end", "See your score", choice.END
    if at + 1 < len(lesson.steps):
        key, words, after = "learn.next", "Next step", lesson.steps[at + 1].id
    with st.container(horizontal=True, key="learn.leave"):
        if at:
            before = lesson.steps[at - 1].id
            helps.button("learn.previous", "Previous step", choice.go_to, lesson, before, icon=":material/arrow_back:")
        kind = "primary" if ready else "tertiary"
        helps.button(key, words, choice.go_to, lesson, after, icon=":material/arrow_forward:", type=kind)
        choice.show_restart(lesson)
