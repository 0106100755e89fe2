"""A question on a page, for the page's settings: prediction, buttons, downloads, progress, and what is read aloud."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from backend.jobs import Job, JobView
from backend.payloads import Followed
from backend.questions.base import QuestionJob, Verdict
from backend.services import services
from components import help as helps
from components.browser.announcement import announce_end, await_end
from components.investigations.prediction import mark_sentence
from components.live import interrupted, refusal
from components.live.job_status import progress
from components.live.polling import first_unfinished
from components.session import page_options, state
from components.session.visitor import visitor
from components.text import spoken

_CANCEL = "Stops your measurement. It continues if another visitor waits for it."
_SCRIPT = "Downloads a Python script that measures the same and prints the figures. It runs without this app."
_CSV = "Downloads the figures of this result as a table."
_AGAIN = "Removes your prediction for these settings and hides the result."


@dataclass(frozen=True)
class PageJob:
    """The job of an `investigation`, which is that of the page's settings at the time of each call.

    The keys of its widgets, and of the place of its finding that a screen reader reads, begin with `key`. `start` and
    `again` are the words of the button before and after there is a result; without `again`, the job cannot be started
    again. `expected` says how long it takes. `script` writes the script of a job that is about no question.

    With `asks_prediction`, the page shows the measurement only to visitors who have predicted it or want to see it. If
    the page has several jobs at once, `part` tells them apart.
    """

    investigation: Callable[[], Followed]
    key: str = ""
    start_words: str = "Start"
    again: str = ""
    icon: str = ":material/play_arrow:"
    expected: Callable[[], str] = str
    script: Callable[[], str] | None = None
    asks_prediction: bool = False
    part: str = ""

    def question(self) -> QuestionJob:
        """The job of a question."""
        job = self.investigation()
        assert isinstance(job, QuestionJob)
        return job

    def job(self) -> Job | None:
        """The job of this investigation, whoever requested it; None if nobody has."""
        return services().shared.find(self.investigation(), visitor())

    def view(self) -> JobView | None:
        """The job as it is now."""
        job = self.job()
        return job.view() if job else None

    def pending(self) -> JobView | None:
        """The job as it is now, unless it has ended."""
        return first_unfinished([self.job()])

    def is_shown(self) -> bool:
        """Whether the visitor may see what was measured."""
        return not self.asks_prediction or services().predictions.is_revealed(self.question(), visitor())

    def prediction(self) -> str | None:
        """What the visitor predicted."""
        return services().predictions.prediction(self.question(), visitor()) if self.asks_prediction else None

    def start(self, again: bool = False) -> None:
        """Callback: request the job, and show its result. With `again`, it is measured again if it has finished."""
        self.reveal()
        self.measure(again)

    def measure(self, again: bool = False) -> None:
        """Request the job. With `again`, it is measured again if it has finished."""
        investigation = self.investigation()
        job = services().shared.request(investigation, visitor(), again=again)
        if refusal.said_if_refused(job):
            return
        if self.key:
            await_end(self.key, job.id)
        if self.part or job.state != "finished":  # with several jobs, a later server also repeats the finished ones
            interrupted.record(job, state.experiment(), self.part, **investigation.options)
        else:
            interrupted.forget(investigation.kind)  # the result of the visitor's last job is here

    def cancel(self) -> None:
        """Callback: the visitor no longer waits for the job."""
        services().release(self.job(), self.investigation(), visitor())

    def reveal(self) -> None:
        """Callback: show what was measured, also without a prediction."""
        if self.asks_prediction:
            services().predictions.reveal([self.question()], visitor())

    def record(self, option: str | None, *, measures: bool) -> None:
        """Callback: keep the visitor's prediction, or remove it. With `measures`, a prediction starts the job."""
        services().predictions.record(self.question(), visitor(), option)
        if measures and option is not None:
            self.start()

    def ask(self, help: str, *, measures: bool = False) -> None:
        """Ask for a prediction. No measurement is sent to the browser.

        With `measures`, a prediction starts the job, and the options, which are short, stand side by side.
        """
        question = self.question()
        definition, key = question.definition, f"{self.key}.predict.{question.question}"

        def submit() -> None:
            option = st.session_state[key]
            if option in definition.options:
                self.record(option, measures=measures)

        st.session_state[key] = None
        name = spoken(definition.question)
        st.radio(name, definition.options, key=key, on_change=submit, help=help, horizontal=measures)

    def answer(self, verdict: Verdict | None) -> str:
        """The mark of the visitor's prediction in Markdown; without a `verdict`, what they predicted."""
        prediction = self.prediction()
        if verdict is not None:
            return mark_sentence(verdict, prediction)
        return f"You predicted “{prediction}”." if prediction is not None else ""

    def controls(
        self, view: JobView | None, doing: Callable[[float], str] = lambda share: "Measuring …", *,
        csv: Callable[[], str] | None = None,
    ) -> None:  # fmt: skip
        """Draw the buttons in a row, and below them the job's progress or why it ended without a result.

        `doing` gives the words for a share of the job, and `csv` writes its figures.
        """
        done, ended = view is not None and view.stored_result is not None, view is None or view.ended
        with st.container(horizontal=True, vertical_alignment="center"):
            self._buttons(view, done)
            self._downloads(csv)
            if self.asks_prediction and self.is_shown():
                st.button(
                    "Predict again", icon=":material/ink_eraser:", type="tertiary", key=f"{self.key}.again",
                    on_click=self.record, args=(None,), kwargs={"measures": False}, help=_AGAIN,
                )  # fmt: skip
            if reason := self.investigation().refusal():
                st.caption(f":material/block: {reason}", width="content")
            elif ended and (self.again or not done) and (expected := self.expected()):
                st.caption(f":material/timer: {expected}", width="content")
        self._status(view, doing)

    def _buttons(self, view: JobView | None, done: bool) -> None:
        """The button that starts the job, and Cancel."""
        investigation, hidden = self.investigation(), done and not self.is_shown()
        mine = services().shared.awaits(investigation, visitor())
        again = done and bool(self.again) and not hidden
        words = "Show the result" if hidden else self.again if again else self.start_words
        icon = ":material/visibility:" if hidden else ":material/replay:" if again else self.icon
        st.button(
            words, type="secondary" if done else "primary", key=f"{self.key}.start", icon=icon,
            on_click=self.start, kwargs={"again": again}, help=helps.text(f"{self.key}.start"),
            disabled=mine or (done and not (again or hidden)) or investigation.refusal() is not None,
        )  # fmt: skip
        st.button(
            "Cancel", icon=":material/stop:", on_click=self.cancel, key=f"{self.key}.cancel", help=_CANCEL,
            disabled=not mine or (view is not None and view.cancelling),
        )  # fmt: skip

    def _downloads(self, csv: Callable[[], str] | None) -> None:
        """The buttons for the figures, and for a script with which anyone can check the verdict, with its data."""
        job = self.investigation()
        question = job if isinstance(job, QuestionJob) else None
        name = f"two-heads-{question.definition.key if question else job.page}"
        if csv is not None:
            _download("CSV", csv, f"{name}.csv", "text/csv", f"{self.key}.csv", _CSV)
        if script := question.script if question else self.script:
            _download("Script", script, f"{name}.py", "text/x-python", f"{self.key}.script", _SCRIPT)
        if recording := question and question.recording:
            words = f"Downloads {recording.name}, which the scripts read from their folder."
            _download("Data", recording.read_bytes, recording.name, "text/csv", f"{self.key}.data", words)

    def _status(self, view: JobView | None, doing: Callable[[float], str]) -> None:
        if view is None or view.state == "finished":
            return
        if not view.ended:
            share = self.investigation().share(view)
            progress(view, share, doing(share))
        else:
            show = st.info if view.state in ("cancelled", "abandoned") else st.warning
            show(view.message, icon=":material/info:")

    def announce(self, view: JobView | None, finding: Callable[[], str]) -> None:
        """Have a screen reader read the finding once the job ends, or why there is none."""
        if view is not None:
            words = finding() if view.state == "finished" else view.message
            announce_end(self.key, view.id, words, running=not view.ended)

    def show_interrupted(self) -> None:
        """Say that a restart ended the visitor's last job of this kind, if it did, and offer to run it again."""
        run = interrupted.find(self.investigation().kind)
        if run is None:
            return

        def repeat() -> None:
            now = interrupted.find(run.kind)  # another tab may have dismissed it, or have started a later job
            if now is not None:
                page_options.follow(now.query)
                self.start()

        interrupted.show(run, repeat)


def _download(words: str, write: Callable[[], str | bytes], name: str, mime: str, key: str, help: str) -> None:
    """Draw a button whose file is written when it is downloaded, outside a run of the page."""
    st.download_button(
        words, write, file_name=name, mime=mime, icon=":material/download:", on_click="ignore", key=key, help=help
    )
