"""The phases of a room as a state machine. Pure functions: a state, an action, and the shape of the lesson.

    lobby → ask → frozen → (discuss or explain → ask → frozen) → reveal → why → ask the next step … → end

`reveal` is the first phase in which a participant may get the right answer or a result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.lessons.lesson import Lesson

Phase = Literal["lobby", "ask", "frozen", "discuss", "explain", "reveal", "why", "end"]
Action = Literal[
    "begin", "freeze", "discuss", "explain_first", "ask_again", "reveal", "more", "explain", "next", "skip", "finish",
    "pause", "resume", "gather", "show_last", "go_on", "reset", "lock", "unlock", "names", "aliases",
    "partners", "no_partners", "whole", "part", "close",
]  # fmt: skip
#: The parts of a reveal, one after the other: the predictions, all runs, and the verdict.
BEATS = 3


class State(BaseModel):
    """The state of a room.

    `shown` is an earlier step whose result the host shows again. `gathered` counts how often the host brought everyone
    to the current step. `asked` grows when answers are deleted, because a question is asked from its beginning.
    `whole` shows more on the board: the whole script of a mistake, or the box of Compare's diagram pulled apart.
    `partners` names somebody to discuss with, who chose otherwise. `names` allows names that participants choose.
    `paused_at` is when the room was paused, and `began_at` when the lesson began.
    `seen` are the steps whose result was revealed: the result of a skipped step stays hidden. `opened` has when each
    round of each question was opened (`opened_at`).
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    step: int = Field(0, ge=0)
    phase: Phase = "lobby"
    round: int = Field(1, ge=1, le=2)
    beat: int = Field(1, ge=1, le=BEATS)
    paused: bool = False
    paused_at: float = 0.0
    began_at: float = 0.0
    shown: int | None = None
    gathered: int = 0
    asked: int = 0
    whole: bool = False
    partners: bool = False
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


@dataclass(frozen=True)
class Shape:
    """What the machine has to know about a lesson, for each step.

    These are its rounds, and whether it has a reason.
    """

    rounds: tuple[int, ...]
    why: tuple[bool, ...]

    @classmethod
    def of(cls, lesson: Lesson) -> Shape:
        """The shape of that lesson."""
        steps = lesson.steps
        return cls(
            tuple(step.block.ask.rounds for step in steps),
            tuple(bool(step.why) for step in steps),
        )

    @property
    def last(self) -> int:
        """The position of the last step."""
        return len(self.rounds) - 1


class WrongOrder(ValueError):
    """An action that the room does not allow now, with the reason in a sentence."""


@dataclass(frozen=True)
class _Rule:
    """When an action is allowed, what it changes, and the sentence that refuses it otherwise."""

    allowed: Callable[[State, Shape], bool]
    change: Callable[[State, Shape], Mapping[str, object]]
    refusal: str


def act(state: State, action: Action, shape: Shape) -> State:
    """The state after the action. Raises WrongOrder if the room does not allow it."""
    if state.closed:
        raise WrongOrder("The room is closed.")
    if state.paused and action not in ("resume", "close"):
        raise WrongOrder("The room is paused. Resume first.")
    rule = _RULES[action]
    if not rule.allowed(state, shape):
        raise WrongOrder(rule.refusal)
    return state.model_copy(update=dict(rule.change(state, shape)))


def allowed(state: State, action: Action, shape: Shape) -> bool:
    """Whether the room allows the action now."""
    try:
        act(state, action, shape)
    except WrongOrder:
        return False
    return True


def next_action(state: State, shape: Shape) -> Action | None:
    """The action that continues the lesson; None if it has ended."""
    if state.shown is not None:
        return "go_on"
    if state.phase == "frozen":
        return "discuss" if _may_discuss(state, shape) else "reveal"
    if state.phase == "reveal":
        if state.beat < BEATS:
            return "more"
        return "explain" if shape.why[state.step] else _next_or_finish(state, shape)
    if state.phase == "why":
        return _next_or_finish(state, shape)
    before: Mapping[Phase, Action] = {"lobby": "begin", "ask": "freeze", "discuss": "ask_again", "explain": "ask_again"}
    return before.get(state.phase)


def _next_or_finish(state: State, shape: Shape) -> Action:
    return "next" if state.step < shape.last else "finish"


def _may_discuss(state: State, shape: Shape) -> bool:
    return state.phase == "frozen" and state.round == 1 and shape.rounds[state.step] == 2


def _last_seen(state: State) -> int | None:
    """The last step before the current one whose result was revealed."""
    return max((step for step in state.seen if step < state.step), default=None)


def _question(step: int) -> dict[str, object]:
    return {"step": step, "phase": "ask", "round": 1, "beat": 1, "shown": None, "whole": False}


def _asked_anew(state: State, step: int) -> dict[str, object]:
    """The question without the answers and the result that it may have had."""
    return {**_question(step), "asked": state.asked + 1, "seen": tuple(each for each in state.seen if each != step)}


#: After the last question.
_END: Mapping[str, object] = {"phase": "end", "beat": BEATS, "shown": None}


def _in(*phases: Phase) -> Callable[[State, Shape], bool]:
    return lambda state, shape: state.phase in phases


def _set(**values: object) -> Callable[[State, Shape], Mapping[str, object]]:
    return lambda state, shape: values


def _switch(name: str, on: bool, refusal: str) -> _Rule:
    return _Rule(lambda state, shape: getattr(state, name) is not on, _set(**{name: on}), refusal)


_RULES: Mapping[Action, _Rule] = {
    "begin": _Rule(_in("lobby"), lambda state, shape: _question(0), "The lesson has begun already."),
    "freeze": _Rule(_in("ask"), _set(phase="frozen"), "Answers can be frozen only while a question is open."),
    "discuss": _Rule(
        _may_discuss, _set(phase="discuss"),
        "A discussion follows the frozen answers of the first round, in a question with two rounds.",
    ),
    "explain_first": _Rule(
        _may_discuss, _set(phase="explain"),
        "An explanation follows the frozen answers of the first round, in a question with two rounds.",
    ),
    "ask_again": _Rule(
        _in("discuss", "explain"), _set(phase="ask", round=2), "The second round follows the discussion.",
    ),
    "reveal": _Rule(
        _in("frozen"),
        lambda state, shape: {"phase": "reveal", "beat": 1, "seen": tuple(sorted({*state.seen, state.step}))},
        "Freeze the answers before you reveal the result.",
    ),
    "more": _Rule(
        lambda state, shape: state.phase == "reveal" and state.beat < BEATS,
        lambda state, shape: {"beat": state.beat + 1}, "There is no further part of the result.",
    ),
    "explain": _Rule(
        lambda state, shape: state.phase == "reveal" and shape.why[state.step], _set(phase="why", beat=BEATS),
        "The reason follows the result, and not every question has one.",
    ),
    "next": _Rule(
        lambda state, shape: state.revealed and state.step < shape.last,
        lambda state, shape: _question(state.step + 1),
        "The next question follows the result of this one, and the last question has none after it.",
    ),
    "skip": _Rule(
        lambda state, shape: state.phase not in ("lobby", "end"),
        lambda state, shape: _asked_anew(state, state.step + 1) if state.step < shape.last else _END,
        "There is no question to skip.",
    ),
    "finish": _Rule(
        lambda state, shape: state.revealed and state.phase != "end" and state.step == shape.last,
        _set(**_END), "The lesson ends after the result of its last question.",
    ),
    "pause": _switch("paused", True, "The room is paused already."),
    "resume": _switch("paused", False, "The room is not paused."),
    "gather": _Rule(
        lambda state, shape: True, lambda state, shape: {"gathered": state.gathered + 1, "shown": None}, "",
    ),
    "show_last": _Rule(
        lambda state, shape: _last_seen(state) is not None
        and not state.revealed and state.phase != "end" and state.shown is None,
        lambda state, shape: {"shown": _last_seen(state)}, "There is no earlier result to show.",
    ),
    "go_on": _Rule(
        lambda state, shape: state.shown is not None, _set(shown=None), "The room shows the current question already.",
    ),
    "reset": _Rule(
        lambda state, shape: state.phase not in ("lobby", "end"),
        lambda state, shape: _asked_anew(state, state.step),
        "There is no question to ask again.",
    ),
    "lock": _switch("locked", True, "The room is locked already."),
    "unlock": _switch("locked", False, "The room is not locked."),
    "names": _switch("names", True, "Names are allowed already."),
    "aliases": _switch("names", False, "Names are not allowed."),
    "partners": _switch("partners", True, "People are paired already."),
    "no_partners": _switch("partners", False, "Nobody is paired."),
    "whole": _switch("whole", True, "The board shows all of it already."),
    "part": _switch("whole", False, "The board shows a part of it already."),
    "close": _Rule(lambda state, shape: True, _set(closed=True, paused=False, shown=None), ""),
}  # fmt: skip
