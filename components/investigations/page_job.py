"""The job that a page's settings ask for, which visitors share: its buttons, how far it is or how it ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from backend.investigations.base import Requested
from backend.jobs import Job, JobView
from backend.services import services
from components.browser.announcement import await_end
from components.live import interrupted, refusal
from components.live.job_status import progress
from components.live.polling import first_unfinished
from components.session import state
from components.session.visitor import visitor


@dataclass(frozen=True)
class PageJob:
    """What the page's settings ask for now (`asked`), and the `result`: where a screen reader reads what was found."""

    asked: Callable[[], Requested]
    result: str = ""

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

    def start(self, again: bool = False) -> None:
        """Callback: request it. With `again`, also if it has finished."""
        state.touch()
        asked = self.asked()
        job = services().shared.request(asked, visitor(), again=again)
        if not refusal.refused(job):
            if self.result:
                await_end(self.result, job.id)
            interrupted.begun(job.kind, state.experiment(), {"": job}, **asked.options)

    def cancel(self) -> None:
        """Callback: the visitor no longer waits for it."""
        state.touch()
        asked = self.asked()
        interrupted.forget(asked.kind, self.job())
        services().shared.release(asked, visitor())

    def buttons(
        self, view: JobView | None, labels: tuple[str, str], helps: tuple[str, str], keys: tuple[str, str], *,
        done: bool, repeats: bool = True, icon: str = "play_arrow",
    ) -> None:  # fmt: skip
        """Draw the button that starts it, with a label before and after it is `done`, and Cancel.

        Unless it `repeats`, nothing can be started after it is done. `helps` and `keys` are those of both buttons.
        """
        mine = services().shared.awaits(self.asked(), visitor())
        st.button(
            labels[done], type="secondary" if done else "primary", key=keys[0],
            icon=f":material/{'replay' if done and repeats else icon}:", on_click=self.start,
            kwargs={"again": done and repeats}, help=helps[0],
            disabled=mine or (done and not repeats) or self.asked().refusal() is not None,
        )  # fmt: skip
        cancelling = view is not None and view.cancelling
        st.button(
            "Cancel", icon=":material/stop:", on_click=self.cancel, disabled=not mine or cancelling, key=keys[1],
            help=helps[1],
        )  # fmt: skip

    def script(self, help: str, key: str) -> None:
        """Draw the button that downloads a script with which anyone can check the verdict."""
        st.download_button(
            "Script", lambda: self.asked().script(), file_name=f"two-heads-{self.asked().definition.key}.py",
            mime="text/x-python", icon=":material/download:", on_click="ignore", key=key, help=help,
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
