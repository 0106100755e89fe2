"""The job of an investigation on a page, for the page's settings: prediction, buttons, progress and end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from backend.jobs import Job, JobView
from backend.questions.base import QuestionJob
from backend.services import services
from backend.training.started import InterruptedJobs
from components.browser.announcement import await_end
from components.live import interrupted, refusal
from components.live.job_status import progress
from components.live.polling import first_unfinished
from components.session import state
from components.session.visitor import visitor
from components.text import spoken


@dataclass(frozen=True)
class PageJob:
    """The job of an `investigation`, which is that of the page's settings at the time of each call.

    `result_place` names the place of the finding, which a screen reader reads when the job ends. With
    `asks_prediction`, the page shows the measurement only to visitors who have predicted it or want to see it. If the
    page has several jobs at once, `part` tells them apart.
    """

    investigation: Callable[[], QuestionJob]
    result_place: str = ""
    asks_prediction: bool = False
    part: str = ""

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
        return not self.asks_prediction or services().predictions.is_revealed(self.investigation(), visitor())

    def prediction(self) -> str | None:
        """What the visitor predicted."""
        return services().predictions.prediction(self.investigation(), visitor()) if self.asks_prediction else None

    def start(self, again: bool = False) -> None:
        """Callback: request the job, and show its result. With `again`, it is measured again if it has finished."""
        self.reveal()
        self.measure(again)

    def measure(self, again: bool = False) -> None:
        """Request the job. With `again`, it is measured again if it has finished."""
        investigation = self.investigation()
        job = services().shared.request(investigation, visitor(), again=again)
        if refusal.record_if_refused(job):
            return
        if self.result_place and job.state != "finished":
            await_end(self.result_place, job.id)
        if self.part or job.state != "finished":  # with several jobs, a later server also repeats the finished ones
            interrupted.record(job, state.experiment(), self.part, **investigation.options)
        else:
            interrupted.forget(investigation.kind)  # the result of the visitor's last job is here

    def cancel(self) -> None:
        """Callback: the visitor no longer waits for the job."""
        services().release(self.job(), self.investigation(), visitor())

    def show_interrupted(
        self, what: Callable[[InterruptedJobs], str], restore: Callable[[InterruptedJobs], None]
    ) -> None:
        """Say that a restart ended the visitor's last job of this kind, if it did, and offer to run it again.

        `what` names the job in words, and `restore` brings back the settings of the page with which it was started.
        """
        run = interrupted.find(self.investigation().kind)
        if run is None:
            return

        def repeat() -> None:
            now = interrupted.find(run.kind)  # another tab may have dismissed it, or have started a later job
            if now is not None:
                restore(now)
                self.start()

        interrupted.show(run, what(run), repeat)

    def reveal(self) -> None:
        """Callback: show what was measured, also without a prediction."""
        if self.asks_prediction:
            services().predictions.reveal([self.investigation()], visitor())

    def record(self, option: str | None, *, measures: bool) -> None:
        """Callback: keep the visitor's prediction, or remove it. With `measures`, a prediction starts the job."""
        services().predictions.record(self.investigation(), visitor(), option)
        if measures and option is not None:
            self.start()

    def predict_again(self) -> None:
        """Callback: remove the visitor's prediction."""
        self.record(None, measures=False)

    def ask(self, key: str, help: str, *, measures: bool = False) -> None:
        """Ask for a prediction. No measurement is sent to the browser.

        With `measures`, a prediction starts the job, and the options, which are short, stand side by side.
        """
        definition = self.investigation().definition

        def submit() -> None:
            option = st.session_state[key]
            if option in definition.options:
                self.record(option, measures=measures)

        st.session_state[key] = None
        name = spoken(definition.question)
        st.radio(name, definition.options, key=key, on_change=submit, help=help, horizontal=measures)

    def buttons(
        self, view: JobView | None, labels: tuple[str, str], helps: tuple[str, str], keys: tuple[str, str], *,
        repeats: bool = True, icon: str = ":material/play_arrow:",
    ) -> None:  # fmt: skip
        """Draw the button that starts the job, and Cancel. `labels` are those before and after there is a result.

        Without `repeats`, the job cannot be started again. `helps` and `keys` are those of both buttons.
        """
        investigation, done = self.investigation(), view is not None and view.stored_result is not None
        mine, hidden = services().shared.awaits(investigation, visitor()), done and not self.is_shown()
        again = done and repeats and not hidden
        icon = ":material/visibility:" if hidden else ":material/replay:" if again else icon
        st.button(
            "Show the result" if hidden else labels[done], type="secondary" if done else "primary", key=keys[0],
            icon=icon, on_click=self.start, kwargs={"again": again}, help=helps[0],
            disabled=mine or (done and not (repeats or hidden)) or investigation.refusal() is not None,
        )  # fmt: skip
        cancelling = view is not None and view.cancelling
        st.button(
            "Cancel", icon=":material/stop:", on_click=self.cancel, disabled=not mine or cancelling, key=keys[1],
            help=helps[1],
        )  # fmt: skip

    def script_button(self, help: str, key: str) -> None:
        """Draw the button that downloads a script with which anyone can check the verdict."""
        investigation = self.investigation()  # the script is written when it is downloaded, outside a run of the page
        st.download_button(
            "Script", investigation.script, file_name=f"two-heads-{investigation.definition.key}.py",
            mime="text/x-python", icon=":material/download:", on_click="ignore", key=key, help=help,
        )  # fmt: skip
        if recording := investigation.recording:
            st.download_button(
                "Data", recording.read_bytes, file_name=recording.name, mime="text/csv", icon=":material/download:",
                on_click="ignore", key=f"{key}.data",
                help=f"Downloads {recording.name}, which the scripts read from their folder.",
            )  # fmt: skip

    def predict_again_button(self, help: str, key: str) -> None:
        """Draw the button that removes the prediction and asks for another one."""
        st.button(
            "Predict again", icon=":material/ink_eraser:", type="tertiary", key=key, on_click=self.predict_again,
            help=help,
        )  # fmt: skip

    def status(self, view: JobView | None, doing: Callable[[float], str]) -> None:
        """Draw the job's progress, or why it ended without a result. `doing` gives the words for a share."""
        if view is None or view.state != "refused":
            refusal.show(self.investigation().kind)
        if view is None or view.state == "finished":
            return
        if not view.ended:
            if not (view.cancelling or services().shared.awaits(self.investigation(), visitor())):
                st.caption("Another visitor has requested this.")
            share = self.investigation().share(view)
            progress(view, share, doing(share))
        elif view.state in ("cancelled", "abandoned"):
            st.info(view.message, icon=":material/stop_circle:")
        else:
            st.warning(view.message, icon=":material/error:")
