"""A participant's page as HTML, the same for all.

`components/browser/phone.js` puts in what concerns one of them alone: answer and run, in the element with `data-step`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from backend.lessons import Step
from backend.lessons.answers import EXACT, LETTERS
from backend.rooms import RoomView, phone
from backend.rooms.machine import STAGES
from backend.rooms.markdown import inline_html_of
from backend.services import services
from components.layout.address import base_path
from components.phone.parts import options_html, part_html
from components.rooms.measured import PANELS

_SEEDS = (
    "<p>Keras trains the network once for each of you while you wait and think. Your seed makes your run unique.</p>"
)
_SURE = "You may leave this out. If many are certain of a wrong answer, the host knows what to explain."
_PACES = (("standard", "same as the room"), ("10", "ten times as long"), ("none", "no clock"))
_NAME = '<label class="field">Your name<input type="text" name="name" maxlength="24" autocomplete="nickname"></label>'
#: A comma before three digits can separate thousands or decimals, so it is not taken.
_NUMBER = (
    '<form class="number-field"><label class="field">Your answer, a number<input type="text" name="answer" required '
    r'maxlength="20" autocomplete="off" pattern="(?!\s*[\-+]?[1-9]\d{0,2},\d{3}\s*$)\s*[\-+−]?(\d+[.,]?\d*|[.,]\d+)'
    r'([eE][\-+]?\d{1,2})?\s*" title="A number, such as 2, 0.5 or -3, without a comma between thousands">'
    "</label><button>Send</button></form>"
)


def page(view: RoomView) -> phone.Page:
    """What all phones of the room show now."""
    shown = phone.page(view, services().rooms.training, PANELS)
    content, step, steps = shown.content, view.room.step, view.room.lesson.steps
    choices = (_NAME if shown.names else "") + _pills("pace", "Time to think", _PACES)
    if isinstance(content, phone.Result):
        shown.html = [_result(view, content)]
    elif content is not None:
        words = f"More time{', or your name' if shown.names else ''}"
        shown.html = [
            f'<p class="place">{content.place}</p><h2>{escape(content.title)}</h2>{content.text}'
            + "".join(map(part_html, content.parts)),
            _fields(step, content) if shown.question else _own(view.room.state.step, step, _options(step)),
            f"<details><summary>{words}</summary>{choices}</details>",
        ]
    elif shown.phase == "lobby":
        shown.html = [_SEEDS * any(each.block.run == "seed" for each in steps), choices]
    else:
        shown.html = [
            f'<details data-result="{i}"><summary>{i + 1}. {escape(title)}</summary><div></div></details>'
            for i, title in shown.results
        ]
    return shown


def result(view: RoomView, position: int) -> str:
    """The result of a question after the lesson."""
    return _result(view, phone.result(view, position, STAGES, services().rooms.training, PANELS)[0])


def _result(view: RoomView, found: phone.Result) -> str:
    step, base = view.room.lesson.steps[found.step], base_path()
    links = (f'<a href="{base}/{escape(link.path)}">{escape(link.label)}</a>' for link in found.links)
    return f"<h2>{escape(found.title)}</h2>" + _own(
        found.step, step,
        f"<details><summary>The question</summary>{found.text}{_options(step)}</details>"
        + "".join(map(part_html, found.parts))
        + '<p class="own-run" hidden>Bold: <b>your run</b>.</p>'
        + (f"<h3>Why</h3>{found.why}" if found.why else "")
        + f'<p class="links">{"".join(links)}</p>',
        found.right, found.runs,
    )  # fmt: skip


def _own(
    position: int, step: Step, html: str, right: int | tuple[float, float] | None = None, runs: Sequence[int] = ()
) -> str:
    """The place of the participant's answer, which is `right` between two numbers, and what belongs to it.

    `runs` are the numbers of the participants whose runs are drawn, in the order of their lines.
    """
    bounds, numbers = "", " ".join(map(str, runs))
    if right is not None:
        low, high = right if isinstance(right, tuple) else (right, right)
        slack = EXACT * max(abs(low), abs(high))
        bounds = f' data-low="{low - slack}" data-high="{high + slack}"'
    own = f'<div data-step="{position}" data-kind="{step.kind}" data-runs="{numbers}"{bounds}>'
    return f'{own}<p class="own-answer"></p>{html}</div>'


def _options(step: Step) -> str:
    """The options; none of a question for a number, because they would tell which numbers are expected."""
    return "" if step.kind == "number" else options_html(step)


def _fields(step: Step, question: phone.Question) -> str:
    """What the participant fills in: the answer, and how sure they are."""
    sure = _pills("sure", "How sure are you?", [(word, word) for word in question.sure], _SURE) if question.sure else ""
    if step.kind == "number":
        return _NUMBER + sure
    type, more = ("checkbox", ": choose all that are right") if step.kind == "several" else ("radio", "")
    options = "".join(
        f'<label class="option-field"><input type="{type}" name="answer" value="{i}"><b>{LETTERS[i]}</b>'
        f"<span>{inline_html_of(option.text)}</span></label>"
        for i, option in enumerate(step.options)
    )
    return f"<fieldset><legend>Your answer{more}</legend>{options}</fieldset>{sure}"


def _pills(name: str, legend: str, options: Iterable[tuple[str, str]], note: str = "") -> str:
    """A choice in one line, with a note below its name."""
    about, said = (f' aria-describedby="{name}"', f'<p class="note" id="{name}">{note}</p>') if note else ("", "")
    fields = "".join(
        f'<label class="pill"><input type="radio" name="{name}" value="{value}"><span>{words}</span></label>'
        for value, words in options
    )
    return f'<fieldset class="pills"{about}><legend>{legend}</legend>{said}{fields}</fieldset>'
