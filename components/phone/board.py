"""The board of a room: what phones show, at the size of a wall and one part of a result at a time, as HTML.

Nothing on it can be pressed. `components/browser/board.js` follows the room.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from html import escape

from backend.lessons import Step
from backend.rooms import RoomView, phone
from backend.rooms.machine import STAGES
from backend.rooms.parts import Part, votes
from backend.rooms.tokens import invitation
from backend.services import services
from components.charts import svg
from components.investigations.parts import FENCE
from components.layout.share import qr_code
from components.learn.panels import panel_of
from components.phone.parts import options_html, part_html
from components.rooms import measured

#: The most pictures on a wall, and the most characters above a picture; longer text is beside it.
_MOST_PICTURES, _SHORT = 2, 120
_part = partial(part_html, draw=svg.on_wall)


class Board(phone.Shown):
    """What the board shows: its content as HTML, and at its foot what the room does now and `more`.

    `clock` has the seconds that are left to think or to discuss, and a text that changes when the time begins anew.
    """

    html: str = ""
    status: str
    more: list[str]
    clock: tuple[float, str] | None = None


def page(view: RoomView, site: str = "") -> Board:
    """What the board shows now. `site` is the address of the app."""
    room, now, here = view.room, view.room.state, len(view.present)
    shown = phone.page(view, services().rooms.training, _PANELS)
    made = Board(status=shown.status, more=[f"Code {room.code}"], waits=shown.waits)
    if shown.phase == "lobby":
        made.status, made.html = "The lesson begins soon", _invitation(view, site)
        made.more = [f"{here} {'person has' if here == 1 else 'people have'} joined"]
    elif isinstance(shown.content, phone.Question):
        made.html = _titled(shown.content.title, _question(view, shown.content))
        if shown.question:
            made.status = f"{'Second round. ' if now.round == 2 else ''}Answer on your phone"
        if now.phase in ("ask", "discuss"):
            seconds = shown.question.seconds if shown.question else room.step.block.ask.discuss
            made.clock = seconds - (time.time() - room.since), f"{room.since}"
        if now.phase != "explain":  # then the votes say how many have answered
            made.more.insert(0, f"{len(view.of_round(now.step, now.round))} of {here} answered")
    elif shown.content is not None:
        made.html = _titled(shown.content.title, _result(view, shown.content))
    else:
        made.html, made.status = f'<h1 class="alone">{escape(shown.status)}</h1>', ""
    return made


def _titled(title: str, html: str) -> str:
    return f"<h1>{escape(title)}</h1>{html}"


def _invitation(view: RoomView, site: str) -> str:
    room = view.room
    if room.state.locked:
        return _titled(room.lesson.title, "<p>The room is locked, so nobody else can join now.</p>")
    address = f"{site}/join/{room.code}"
    # A line may end after each slash: otherwise a narrow board breaks the code.
    shown = escape(address.partition("://")[2]).replace("/", "/<wbr>")
    words = f"Scan the code with your phone. Or open <b>{shown}</b>. The code of this room is"
    picture = qr_code(f"{address}?invite={invitation(room.secret, room.code)}")
    said = _titled(room.lesson.title, f'<p>{words}</p><p class="code">{room.code}</p>')
    return _columns(f'<img alt="QR code of the address of this room" src="{picture}">', said)


def _question(view: RoomView, question: phone.Question) -> str:
    step, now = view.room.step, view.room.state
    options = "<p>Answer with a number.</p>" if step.kind == "number" else options_html(step)
    first, *others = question.parts or [Part()]
    place = f'<p class="spare">{question.place}</p>'
    if now.phase != "explain":
        return place + question.text + _columns(_part(first), options)
    text = f'<div class="{"instead" if others else ""}">{question.text}</div>'
    beside = "".join(_part(part, "spare") for part in others)
    return place + text + _columns(_part(first) if first.picture else options, beside)


def _result(view: RoomView, result: phone.Result) -> str:
    step, now = view.room.lesson.steps[result.step], view.room.state
    if now.earlier is None and now.phase == "why" and result.why:
        return f"<h2>Why</h2>{result.why}"
    votes, *more = result.parts
    stage = now.stage if now.earlier is None else STAGES
    if stage > 1 and stage < STAGES:
        return _measured_html([*more, *measured.losses_of_one(view, result.step)])
    voted = _part(votes)
    if votes.picture is None:
        voted = options_html(step, step.right_options if result.right is not None else ()) + voted * (stage == 1)
    return _columns(voted, _verdict_html(step, more) if more else "")


def _measured_html(parts: Sequence[Part]) -> str:
    """What was measured, two pictures side by side. A long text is beside its picture, any other one above."""
    said = [part for part in parts if part.picture is None]
    pictures = [part for part in parts if part.picture is not None][:_MOST_PICTURES]
    cells, texts = [*map(_part, pictures)], [*map(_part, said)]
    if len(said) == 1 and len(said[0].words[-1]) > _SHORT:
        return _columns(*cells, *texts)
    return "".join(texts) + _columns(*cells)


def _verdict_html(step: Step, parts: Sequence[Part]) -> str:
    """The verdict, with all runs or with what was found. A small wall leaves out code and the rest, then the reason."""
    *more, verdict = parts
    if step.block.run == "seed":
        return _part(verdict) + _part(replace(more[0], words=()))
    first = next((i for i, part in enumerate(more) if part.words and part.words[0].startswith(FENCE)), len(more))
    looks = ["spare" if i >= first else "less" if i == 1 and part.words else "" for i, part in enumerate(more)]
    return _part(verdict) + "".join(map(_part, more, looks))


def _columns(*cells: str) -> str:
    """The cells side by side, without those that are empty."""
    return f'<div class="columns">{"".join(f"<div>{cell}</div>" for cell in cells if cell)}</div>'


def _parts_of_question(view: RoomView, position: int) -> tuple[list[Part], bool]:
    """What stands beside the options, or in their place. Nothing of it says which option is right.

    A question for a number shows no votes: groups of numbers would show which are expected.
    """
    step, now = view.room.lesson.steps[position], view.room.state
    if now.phase == "explain":
        shown = Part() if step.kind == "number" else votes(step, view.rounds(position), right=False)
        return [shown, *panel_of(step).beside_votes(step)], False
    if step.block.page == "mistake":
        return panel_of(step).question(step, True), False
    return measured.before_question(view, position)


_PANELS = phone.Panels(_parts_of_question, measured.for_wall, lambda step: {})
