"""The phases of a room as a state machine. Pure functions: a state, an action, and the lesson.

    lobby → ask → frozen → (discuss or explain → ask → frozen) → reveal → why → ask the next step … → end

`reveal` is the first phase in which a participant may get the right answer or a result.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from backend.lessons.lesson import Lesson

Phase = Literal["lobby", "ask", "frozen", "discuss", "explain", "reveal", "why", "end"]
Action = Literal[
    "begin", "freeze", "discuss", "explain_first", "ask_again", "reveal", "more", "explain", "next", "skip", "finish",
    "pause", "resume", "show_last", "go_on", "reset", "lock", "unlock", "names", "aliases",
    "close",
]  # fmt: skip
#: The parts of a reveal, one after the other: the predictions, all runs, and the verdict.
STAGES = 3


class State(BaseModel):
    """The state of a room.

    `earlier` is a step whose result the host shows again. `asked` grows when answers are deleted, because a question
    is asked from its beginning.
    `names` allows names that participants choose.
    `paused_at` is when the room was paused, and `began_at` when the lesson began.
    `seen` are the steps whose result was revealed: the result of a skipped step stays hidden. `opened` has when each
    round of each question was opened (`opened_at`).
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    step: int = Field(0, ge=0)
    phase: Phase = "lobby"
    round: int = Field(1, ge=1, le=2)
    stage: int = Field(1, ge=1, le=STAGES, validation_alias=AliasChoices("stage", "beat"))
    paused: bool = False
    paused_at: float = 0.0
    began_at: float = 0.0
    earlier: int | None = Field(None, validation_alias=AliasChoices("earlier", "shown"))
    asked: int = 0
    locked: bool = False
    names: bool = False
    closed: bool = False
    seen: tuple[int, ...] = ()
    opened: Mapping[str, float] = {}

    @property
    def revealed(self) -> bool:
        """Whether participants may see the result of the current step."""
        return self.phase in ("reveal", "why") or (self.phase == "end" and self.step in self.seen)

    def opened_at(self, step: int, round: int) -> float | None:
        """When the question was opened in that round, in seconds since 1970; None if that is not known."""
        return self.opened.get(f"{step}.{round}")

    def with_opening(self, at: float) -> State:
        """The state after its question was opened in its round, at that time."""
        return self.model_copy(update={"opened": {**self.opened, f"{self.step}.{self.round}": at}})

    def shows_result_of(self, step: int) -> bool:
        """Whether participants may see the result of that step."""
        return step in self.seen and (step != self.step or self.revealed)


class WrongOrder(ValueError):
    """An action that the room does not allow now, with the reason in a sentence."""


def act(state: State, action: Action, lesson: Lesson) -> State:
    """The state after the action. Raises WrongOrder if the room does not allow it."""
    if state.closed:
        raise WrongOrder("The room is closed.")
    if state.paused and action not in ("resume", "close"):
        raise WrongOrder("The room is paused. Resume first.")
    changes = _changes(state, lesson)[action]
    if not changes:
        raise WrongOrder(_REFUSALS.get(action, "This is so already."))
    return state.model_copy(update=changes)


def allowed(state: State, action: Action, lesson: Lesson) -> bool:
    """Whether the room allows the action now."""
    try:
        act(state, action, lesson)
    except WrongOrder:
        return False
    return True


def next_action(state: State, lesson: Lesson) -> Action | None:
    """The action that continues the lesson; None if it has ended."""
    leading: tuple[Action, ...] = (
        "go_on", "begin", "freeze", "discuss", "ask_again", "reveal", "more", "explain", "next", "finish",
    )  # fmt: skip
    changes = _changes(state, lesson)
    return next((action for action in leading if changes[action]), None)


def _changes(state: State, lesson: Lesson) -> Mapping[Action, dict[str, Any] | None]:
    """What each action changes of a room that is neither closed nor paused; None or {} if the room does not allow it.

    An action is allowed in the phases that stand before its changes.
    """
    step, phase, last = state.step, state.phase, len(lesson.steps) - 1
    ask, why = lesson.steps[step].block.ask, lesson.steps[step].why
    asked, may_discuss = phase not in ("lobby", "end"), phase == "frozen" and state.round < ask.rounds
    before = max((each for each in state.seen if each < step), default=None)
    question = {"phase": "ask", "round": 1, "stage": 1, "earlier": None}
    end = {"phase": "end", "stage": STAGES, "earlier": None}

    def anew(step: int) -> dict[str, Any]:
        """The question without the answers and the result that it may have had."""
        seen = tuple(each for each in state.seen if each != step)
        return {**question, "step": step, "asked": state.asked + 1, "seen": seen}

    def when(allowed: bool, **changes: Any) -> dict[str, Any] | None:
        return changes if allowed else None

    return {
        "begin": when(phase == "lobby", **question),
        "freeze": when(phase == "ask", phase="frozen"),
        "discuss": when(may_discuss, phase="discuss"),
        "explain_first": when(may_discuss, phase="explain"),
        "ask_again": when(phase in ("discuss", "explain"), phase="ask", round=2),
        "reveal": when(phase == "frozen", phase="reveal", stage=1, seen=tuple(sorted({*state.seen, step}))),
        "more": when(phase == "reveal" and state.stage < STAGES, stage=state.stage + 1),
        "explain": when(phase == "reveal" and bool(why), phase="why", stage=STAGES),
        "next": when(state.revealed and step < last, **question, step=step + 1),
        "skip": (anew(step + 1) if step < last else end) if asked else None,
        "finish": when(state.revealed and phase != "end" and step == last, **end),
        "show_last": when(before is not None and not state.revealed and phase != "end" and state.earlier is None,
                         earlier=before),
        "go_on": when(state.earlier is not None, earlier=None),
        "reset": anew(step) if asked else None,
        "pause": when(not state.paused, paused=True),
        "resume": when(state.paused, paused=False),
        "lock": when(not state.locked, locked=True),
        "unlock": when(state.locked, locked=False),
        "names": when(not state.names, names=True),
        "aliases": when(state.names, names=False),
        "close": {"closed": True, "paused": False, "earlier": None},
    }  # fmt: skip


#: Why an action is refused that the phase does not allow.
_REFUSALS: Mapping[Action, str] = {
    "begin": "The lesson has begun already.",
    "freeze": "Answers can be frozen only while a question is open.",
    "discuss": "A discussion follows the frozen answers of the first round, in a question with two rounds.",
    "explain_first": "An explanation follows the frozen answers of the first round, in a question with two rounds.",
    "ask_again": "The second round follows the discussion.",
    "reveal": "Freeze the answers before you reveal the result.",
    "more": "There is no further part of the result.",
    "explain": "The reason follows the result, and not every question has one.",
    "next": "The next question follows the result of this one, and the last question has none after it.",
    "skip": "There is no question to skip.",
    "finish": "The lesson ends after the result of its last question.",
    "show_last": "There is no earlier result to show.",
    "go_on": "The room shows the current question already.",
    "reset": "There is no question to ask again.",
}
