"""One mistake: the script that goes wrong; and after the prediction what Keras does, why, and the corrected script."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from backend.jobs.messages import SharedPayload
from backend.lessons import Step, scripts
from backend.lessons.findings import sentences
from backend.questions.claims.base import NO, YES
from backend.questions.mistakes import Mistake, MistakeVerdict
from backend.questions.mistakes.base import MistakeEvidence, Ran, deciding_lines
from backend.questions.mistakes.job import MistakeJob
from backend.rooms.parts import Part
from backend.services import services
from components import code_panel
from components.investigations.panel import Panel
from components.investigations.parts import code
from components.session.visitor import visitor


class MistakePanel(Panel):
    """Both scripts of a mistake, and what Keras does with them. No other page has them."""

    explains = True

    def payloads(self, step: Step) -> Sequence[SharedPayload]:
        mistake = mistake_of(step)
        return [MistakeJob.on(mistake)] if mistake is not None else []

    def doing(self, step: Step) -> str:
        return "Keras runs both scripts …"

    def draw_question(self, step: Step) -> None:
        if (mistake := mistake_of(step)) is not None:
            code_panel.show("The script", mistake.broken, key=f"mistake.{mistake.key}.broken")
        if refused := refused_scripts(step):
            st.warning(refused, icon=":material/block:")

    def right(self, step: Step) -> int | None:
        """The option that says what this version of Keras does; before both scripts have run, the lesson's answer."""
        ran = _ran(step)
        if ran is None:
            return step.right
        answer = ran[0].verdict(ran[1]).answer
        return next((i for i, option in enumerate(step.options) if option.text == answer), None)

    def draw_result(self, step: Step) -> None:
        ran = _ran(step)
        if ran is None:
            return
        mistake, found = ran
        verdict = mistake.verdict(found)
        _output(found.broken, f"{mistake.key}.broken")
        for words in (_finding(mistake, verdict), verdict.why, mistake.remedy):
            st.markdown(words)
        _, changed = code_panel.differences(mistake.broken, mistake.mended)
        code_panel.show("The corrected script", mistake.mended, changed, key=f"mistake.{mistake.key}.mended")
        _output(found.mended, f"{mistake.key}.mended")
        mark = f":green[**{YES} Corrected.**]" if verdict.mended else (
            f":red[**{NO} Not corrected with this version of Keras.**]"
        )  # fmt: skip
        st.markdown(f"{mark} {verdict.mended_finding}")

    def finding(self, step: Step) -> str:
        ran = _ran(step)
        return sentences(ran[0].verdict(ran[1]).finding)[0] if ran is not None else ""

    def question(self, step: Step, wall: bool = False) -> list[Part]:
        mistake = mistake_of(step)
        if mistake is None:
            return [Part((refused_scripts(step),))]
        return [Part((code(scripts.lines_for_board(step, mistake) if wall else mistake.broken),))]

    def parts(self, step: Step, results: Sequence[Any], explained: bool, wall: bool) -> list[Part]:
        mistake = mistake_of(step)
        if mistake is None or not results:
            return []
        found: MistakeEvidence = results[0]
        before = _output_part(found.broken)
        if not explained:
            return [before]
        verdict = mistake.verdict(found)
        script = code(deciding_lines(mistake.mended, mistake.broken) if wall else mistake.mended)
        after = [] if wall else [_output_part(found.mended)]
        said = (_words(_finding(mistake, verdict), verdict.why), _words(mistake.remedy, script))
        return [before, *said, *after, _words(verdict.mended_finding)]


def mistake_of(step: Step) -> Mistake | None:
    """The mistake that the step shows; None if it shows something else."""
    return _scripts(step)[0]


def refused_scripts(step: Step) -> str:
    """Why the scripts of the step's author are not run, in a sentence; empty if they are, or if there are none."""
    return _scripts(step)[1]


def _scripts(step: Step) -> tuple[Mistake | None, str]:
    config = services().config
    return scripts.find(step, config.lessons, config.lessons_scripts)


def _ran(step: Step) -> tuple[Mistake, MistakeEvidence] | None:
    """The mistake, and what both of its scripts did; None before they have run."""
    mistake = mistake_of(step)
    found = services().shared.result(MistakeJob.on(mistake), visitor()) if mistake is not None else None
    return (mistake, found) if mistake is not None and found is not None else None


def _finding(mistake: Mistake, verdict: MistakeVerdict) -> str:
    return (verdict.happens and mistake.symptom) or verdict.finding


def _words(*sentences: str) -> Part:
    return Part(tuple(filter(None, sentences)))


def _output_words(ran: Ran) -> str:
    return "The script ends with an error" if ran.error else "The script prints"


def _output(ran: Ran, key: str) -> None:
    """What a script printed, and its error, which is one long line."""
    st.caption(_output_words(ran))
    code_panel.show_output("The output", ran.output, whole=not ran.error, key=f"mistake.{key}.output")


def _output_part(ran: Ran) -> Part:
    return Part((f"{_output_words(ran)}:", code(ran.output)))
