"""What a page shows of the investigation that its settings ask for: prediction, buttons, progress and end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from backend.investigations.base import Investigation
from backend.jobs import Job, JobView
from backend.services import services
from components.browser.announcement import await_end
from components.live import interrupted, refusal
from components.live.job_status import progress
from components.live.polling import first_unfinished
from components.session import state
from components.session.visitor import visitor
from components.text import spoken


@dataclass(frozen=True)
class PageJob:
    """What the page's settings ask for now (`asked`), and the `result`: where a screen reader reads what was found.

    If it is `predicted`, the page shows what was measured only to visitors who have predicted it or want to see it.
    """

    asked: Callable[[], Investigation]
    result: str = ""
    predicted: bool = False

    def job(self) -> Job | None:
        """The job of an equal request, whoever made it; None if there is none."""
        return services().shared.find(self.asked(), visitor())

    def view(self) -> JobView | None:
        """The job as it is now."""
        job = self.job()
        return job.view() if job else None

    def pending(self) -> JobView | None:
        """The job as it is now, unless it has ended."""
        return first_unfinished([self.job()])

    def shown(self) -> bool:
        """Whether the visitor may see what was measured."""
        return not self.predicted or services().predictions.is_revealed(self.asked(), visitor())

    def prediction(self) -> str | None:
        """What the visitor predicted."""
        return services().predictions.prediction(self.asked(), visitor()) if self.predicted else None

    def start(self, again: bool = False) -> None:
        """Callback: request it, and show its result. With `again`, also if it has finished."""
        self.reveal()
        asked = self.asked()
        job = services().shared.request(asked, visitor(), again=again)
        if not refusal.refused(job) and job.state != "finished":
            if self.result:
                await_end(self.result, job.id)
            interrupted.begun(job.kind, state.experiment(), {"": job}, **asked.options)

    def cancel(self) -> None:
        """Callback: the visitor no longer waits for it."""
        state.touch()
        asked = self.asked()
        interrupted.forget(asked.kind, self.job())
        services().shared.release(asked, visitor())

    def reveal(self) -> None:
        """Callback: the visitor sees what was measured, also without a prediction."""
        state.touch()
        if self.predicted:
            services().predictions.reveal([self.asked()], visitor())

    def predict_again(self) -> None:
        """Callback: the visitor takes the prediction back."""
        state.touch()
        services().predictions.predict(self.asked(), visitor(), None)

    def ask(self, key: str, help: str, *, measures: bool = False) -> None:
        """Ask for a prediction. Nothing that was measured is sent. If it `measures`, a prediction starts the job.

        Then the few words of the options stand side by side.
        """
        definition = self.asked().definition

        def predict() -> None:
            state.touch()
            option = st.session_state[key]
            if option in definition.options:
                services().predictions.predict(self.asked(), visitor(), option)
                if measures:
                    self.start()

        st.session_state[key] = None
        name = spoken(definition.question)
        st.radio(name, definition.options, key=key, on_change=predict, help=help, horizontal=measures)

    def buttons(
        self, view: JobView | None, labels: tuple[str, str], helps: tuple[str, str], keys: tuple[str, str], *,
        done: bool, repeats: bool = True, icon: str = "play_arrow",
    ) -> None:  # fmt: skip
        """Draw the button that starts it, with a label before and after it is `done`, and Cancel.

        Unless it `repeats`, nothing can be started after it is done. `helps` and `keys` are those of both buttons.
        """
        asked = self.asked()
        mine, hidden = services().shared.awaits(asked, visitor()), done and not self.shown()
        again = done and repeats and not hidden
        icon = "visibility" if hidden else "replay" if again else icon
        st.button(
            "Show the result" if hidden else labels[done], type="secondary" if done else "primary", key=keys[0],
            icon=f":material/{icon}:", on_click=self.start, kwargs={"again": again}, help=helps[0],
            disabled=mine or (done and not (repeats or hidden)) or asked.refusal() is not None,
        )  # fmt: skip
        cancelling = view is not None and view.cancelling
        st.button(
            "Cancel", icon=":material/stop:", on_click=self.cancel, disabled=not mine or cancelling, key=keys[1],
            help=helps[1],
        )  # fmt: skip

    def script(self, help: str, key: str) -> None:
        """Draw the button that downloads a script with which anyone can check the verdict."""
        asked = self.asked()  # the script is written when it is downloaded, outside a run of the page
        st.download_button(
            "Script", asked.script, file_name=f"two-heads-{asked.definition.key}.py",
            mime="text/x-python", icon=":material/download:", on_click="ignore", key=key, help=help,
        )  # fmt: skip

    def again(self, help: str, key: str) -> None:
        """Draw the button that takes the prediction back and asks for another one."""
        st.button(
            "Predict again", icon=":material/ink_eraser:", type="tertiary", key=key, on_click=self.predict_again,
            help=help,
        )  # fmt: skip

    def status(self, view: JobView | None, doing: Callable[[float], str]) -> None:
        """Draw how far it is, with what it is `doing` at that share, or why it ended without a result."""
        if view is None or view.state != "refused":
            refusal.show(self.asked().kind)
        if view is None or view.state == "finished":
            return
        if not view.ended:
            if not (view.cancelling or services().shared.awaits(self.asked(), visitor())):
                st.caption("Another visitor has requested this.")
            share = self.asked().share(view)
            progress(view, share, doing(share))
        elif view.state in ("cancelled", "abandoned"):
            st.info(view.message, icon=":material/stop_circle:")
        else:
            st.warning(view.message, icon=":material/error:")
