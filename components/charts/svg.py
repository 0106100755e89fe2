"""The one writer of pictures as HTML with SVG: for pages, phones, the board and the report (`look.css` has their look).

A picture is data (`backend/questions/pictures.py`, `backend/rooms/pictures.py`). Text that others wrote is escaped.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import singledispatch
from html import escape
from typing import Any

import numpy as np

from backend.questions.pictures import Bars, Chart, Lines, Links, Spread
from backend.rooms.pictures import BAND, Runs, Votes
from backend.words import short
from components.charts.axes import Axis, log_axis, padded_axis, place, ratio_axis
from components.charts.end_labels import spread
from components.charts.plane import Plane
from components.theme import (
    NEUTRAL,
    POSITIVE,
    TOPOLOGY,
    method_colour,
    run_colour,
    style_colour,
    task_hue,
    text_on,
)

#: An axis of ratios or shares is logarithmic if its largest value is more than this many times its smallest one.
_FAR_APART = 3
#: The patterns of lines, as dashes and gaps.
_DASHES = {"dash": "9 5", "dot": "2 4", "dashdot": "9 4 2 4", "longdash": "14 5", "longdashdot": "14 4 2 4"}
#: The mean width of a character, in heights of its text.
_CHARACTER = 0.56
#: The most paths of the runs of a class: a phone draws a thousand paths too slowly.
_MOST_PATHS = 60
#: From an axis to a letter beside it.
_LEAD = 24

Points = Sequence[tuple[float, float] | None]


@dataclass(frozen=True)
class Frame:
    """The size of a picture and of its text, in the picture's own units, and how thick its marks are.

    Its `name` is a class of the picture.
    """

    name: str
    width: float
    height: float
    font: float
    thick: float = 1.0

    def widest(self, words: Iterable[str]) -> float:
        """The approximate width of the longest of `words`."""
        return _CHARACTER * self.font * max(map(len, words), default=0)

    def rows(self, labels: Sequence[str], right: float, above: float) -> tuple[bool, float, float]:
        """Whether labels stand beside their rows, with the height of a row and the room on their left.

        `right` is where the rows end, and `above` the height of a row below its label, in heights of the text.
        """
        left = self.widest(labels) + 1.2 * self.font
        if self.thick > 1 and right - left > right / 3:
            return True, (1.2 if len(labels) > 8 else 1.45) * self.font, left
        return False, above * self.font, 0.0

    def text(self, words: str, x: float, y: float, anchor: str = "middle", **more: Any) -> str:
        """Words at a place."""
        return tag("text", escape(words), x=x, y=y, text_anchor=anchor, **{"font_size": self.font} | more)


#: For a page, a phone and the report; for a wall; and for half of one.
HAND, WALL, HALF = Frame("hand", 380, 240, 13), Frame("wall", 1000, 440, 36, 2), Frame("half", 560, 360, 36, 2)


@dataclass(frozen=True)
class Drawn:
    """What stands in a picture, with its size and the entries of its legend: name, colour and pattern.

    If it is `scrolled`, it keeps its size, and its reader scrolls it.
    """

    width: float
    height: float
    marks: Sequence[str]
    legend: Sequence[tuple[str, str, str]] = field(default=())
    scrolled: bool = False


def tag(name: str, content: str = "", /, **attributes: Any) -> str:
    """An element of an SVG or of HTML. In the names of attributes, `_` stands for a hyphen."""
    written = (
        f' {key.strip("_").replace("_", "-")}="{value:.5g}"'
        if isinstance(value, float)
        else f' {key.strip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
    )
    return f"<{name}{''.join(written)}>{content}</{name}>"


def shape(d: str, colour: str, width: float = 1.5, dash: str = "", filled: float = 0.0) -> str:
    """A path. `filled` is the opacity of its area."""
    area = {"style": f"fill: {colour}; fill-opacity: {filled}"} if filled else {"fill": "none"}
    return tag("path", d=d, stroke=colour, stroke_width=width, stroke_dasharray=dash, **area)


def html(picture: Chart | Plane | Votes | Runs | str, frame: Frame = HAND) -> str:
    """The picture as HTML; one that is HTML already stays. Its title is also its text for screen readers."""
    if isinstance(picture, str):
        return picture
    if isinstance(picture, Votes):
        return tag("div", "".join(_votes(picture)), class_="drawn hand")
    title = "" if isinstance(picture, Runs) else picture.title
    note = picture.note if isinstance(picture, Spread | Bars) else ""
    return document(draw(picture, frame), frame, picture.title, title, note)


def on_wall(picture: Chart | Votes | Runs | str) -> str:
    """The picture as HTML for a wall, and for half of one: the board's style sheet shows one of both."""
    variants = [HAND] if isinstance(picture, Votes | str) else [WALL, HALF]
    return "".join(html(picture, frame) for frame in variants)


def document(drawn: Drawn, frame: Frame, alt: str, title: str, note: str = "") -> str:
    """What is drawn, below its title, its note and its legend."""
    look = "tall" if drawn.height > drawn.width / 2 else ""
    size = {"style": f"width: {drawn.width}px"} if drawn.scrolled else {}
    box = f"0 0 {drawn.width:g} {drawn.height:g}"
    svg = tag("svg", "".join(drawn.marks), viewBox=box, role="img", aria_label=alt, class_=look, **size)
    signs = (
        tag("li", tag("svg", tag("path", d="M0 6H26", stroke=colour, stroke_width=3, stroke_dasharray=dash),
                      class_="sign", width=26, height=12, aria_hidden="true") + escape(name))
        for name, colour, dash in drawn.legend
    )  # fmt: skip
    scrolled = {"class_": "scrolled", "tabindex": 0} if drawn.scrolled else {}
    parts = [
        tag("p", escape(title), class_="title") if title else "",
        tag("p", escape(note), class_="note") if note else "",
        tag("ul", "".join(signs), class_="legend") if drawn.legend else "",
        tag("div", svg, **scrolled),
    ]
    return tag("div", "".join(parts), class_=f"drawn {frame.name}")


def hue(colour: str) -> str:
    """The colour that `backend.questions.pictures` names; neutral for none."""
    kind, _, name = colour.partition(":")
    if kind == "dial":
        ends = zip(bytes.fromhex(NEUTRAL[1:]), bytes.fromhex(POSITIVE[1:]), strict=True)
        return "#" + "".join(f"{round(a + (b - a) * float(name)):02x}" for a, b in ends)
    named: dict[str, Callable[[str], str]] = {
        "task": lambda position: task_hue(int(position)),
        "run": lambda position: run_colour(int(position)),
        "style": style_colour,
        "method": method_colour,
        "topology": lambda _: TOPOLOGY,
    }
    return named[kind](name) if kind in named else NEUTRAL


@singledispatch
def draw(chart: Chart | Plane | Runs, frame: Frame) -> Drawn:
    """What stands in the picture."""
    raise TypeError(f"no picture of {type(chart).__name__}")


@draw.register
def _lines(chart: Lines, frame: Frame) -> Drawn:
    values = [value for line in chart.lines for value in line.values] + ([0.0] if chart.filled else [])
    y_axis = log_axis(values) if chart.log and _positive(values) else padded_axis(values)
    marks, x, y = _area(frame, padded_axis(chart.x, 0), y_axis, chart.x_name)
    for line in chart.lines:
        places, heights = [*chart.x], [*line.values]
        look: dict[str, Any] = {"fill": "none"}
        if chart.filled:  # stairs: each value from its x to the next one, with 0 at both ends
            places, heights = [*np.repeat(places, 2), *places[-1:] * 2], [0.0, *np.repeat(heights, 2), 0.0]
            look = {"fill": hue(line.colour), "fill_opacity": 0.18}
        look |= {"stroke_width": 2.5 * frame.thick, "stroke_dasharray": _DASHES.get(line.dash, "")}
        marks.append(tag("path", d=_path(_points(places, heights, x, y)), stroke=hue(line.colour), **look))
    legend = [(line.name, hue(line.colour), _DASHES.get(line.dash, "")) for line in chart.lines]
    return Drawn(frame.width, frame.height, marks, legend)


@draw.register
def _plane(chart: Plane, frame: Frame) -> Drawn:
    known = [[place for place in each.at if all(map(math.isfinite, place))] for each in chart.points]
    ends = chart.window or [[place[axis] for places in known for place in places] for axis in (0, 1)]
    x_axis, y_axis = (log_axis(each) if chart.log else padded_axis(each, 0 if chart.window else 0.12) for each in ends)
    marks, x, y = _area(frame, x_axis, y_axis, chart.names[0])
    marks += [
        frame.text(f"↑ {chart.names[1]}".rstrip("↑ "), frame.width - frame.font, frame.font, "end"),
        *_shades(chart, x, y),
    ]
    for each, places in zip(chart.points, known, strict=True):
        at, colour = [(x(place[0]), y(place[1])) for place in places], hue(each.colour)
        if not each.symbol:
            marks.append(shape(_path(at), colour, each.width * frame.thick))
        for i, (across, down) in enumerate(at):
            look = {"style": f"fill: {colour}"}
            if each.symbol:
                marks.append(frame.text(each.symbol, across, down + 0.35 * frame.font, **look))
            if i < len(each.texts):
                marks.append(frame.text(each.texts[i], across + 0.5 * frame.font, down - 0.3 * frame.font, "start"))
    legend = [(f"{each.symbol} {each.name}", hue(each.colour), "") for each in chart.points if each.name]
    return Drawn(frame.width, frame.height, marks, legend)


def _shades(chart: Plane, x: Callable[[float], float], y: Callable[[float], float]) -> Iterable[str]:
    """The ground in four shades, which lie one over the other."""
    if not chart.ground or not chart.window:
        return
    (left, right), (bottom, top) = [map(scale, ends) for scale, ends in zip((x, y), chart.window, strict=True)]
    heights = np.array(chart.ground)
    wide, high = (right - left) / heights.shape[1], (bottom - top) / heights.shape[0]
    for share in (0.15, 0.3, 0.45, 0.6):
        cells = (
            f"M{left + wide * begin:.4g} {bottom - high * row:.4g}h{wide * (end - begin):.4g}v{-high:.4g}"
            f"H{left + wide * begin:.4g}z"
            for row, low in enumerate(heights < share)
            for begin, end in np.flatnonzero(np.diff(low, prepend=False, append=False)).reshape(-1, 2).tolist()
        )
        yield tag("path", d="".join(cells), fill=NEUTRAL, fill_opacity=0.12)


@draw.register
def _runs(chart: Runs, frame: Frame) -> Drawn:
    """Each run, their median and the band of most of them. The paths of runs are separated by spaces."""
    values = np.array(chart.curves, dtype=float)
    finite = np.isfinite(values)
    values[~finite] = np.nan
    known = [*np.percentile(values[finite], [2, 98]), *(end for end in chart.ends if math.isfinite(end))]
    y_axis, font = padded_axis(known), frame.font
    words = [each.label for each in chart.regions]
    beside = _LEAD + frame.widest(words) if words else 0.0
    axes, x, y = _area(frame, padded_axis(chart.epochs, 0), y_axis, "epoch", beside)
    some = finite.any(axis=0)
    low, middle, high = (
        _points(np.array(chart.epochs)[some], each, x, y)
        for each in np.nanpercentile(values[:, some], [BAND[0], 50, BAND[1]], axis=0)
    )
    paths = [_path(_points(chart.epochs, row, x, y), 0) or "M0,0" for row in values]
    many = math.ceil(len(paths) / _MOST_PATHS)
    marks = [
        tag("path", d=f"{_path([*high, *reversed(low)])}Z", class_="band"),
        *(tag("path", d=" ".join(paths[i : i + many]), class_="run") for i in range(0, len(paths), many)),
        tag("path", d=_path(middle), class_="median" if len(paths) > 1 else "median only"),
        *axes,
    ]
    left, right = x(chart.epochs[0]), frame.width - font - beside
    if chart.expected:
        bottom, top = map(y, chart.expected)
        size = {"width": right - left, "height": max(bottom - top, 2.0)}
        marks.insert(0, tag("rect", x=left, y=top, class_="expected", **size))
    ends = [(y(each.low), y(each.high)) for each in chart.regions]
    order = sorted(range(len(ends)), key=lambda i: sum(ends[i]))
    rows = spread([sum(ends[i]) / 2 for i in order], [1.2 * font] * len(ends), frame.height)
    for i, row in zip(order, rows, strict=True):
        (first, last), edge = ends[i], right + 6
        bracket = f"M{edge:.5g} {first:.5g}h8V{last:.5g}h-8"
        lead = f"M{edge + 8:.5g} {(first + last) / 2:.5g}L{edge + _LEAD - 4:.5g} {row:.5g}"
        marks.append(tag("path", d=bracket + lead, class_="axis", fill="none", stroke_width=font / 9))
        marks.append(frame.text(words[i], edge + _LEAD, row + 0.35 * font, "start"))
    return Drawn(frame.width, frame.height, marks)


@draw.register
def _spread(chart: Spread, frame: Frame) -> Drawn:
    values = [value for row in chart.rows for value in (*row.values, row.low, row.high) if value is not None]
    axis, font = _axis_of_spread(chart, [*values, chart.reference.value]), frame.font
    side, top = 1.5 * font, 1.7 * font
    right = frame.width - side
    beside, pitch, left = frame.rows([row.label for row in chart.rows], right, 2.7)
    left, bottom = left or side, top + pitch * len(chart.rows)
    x = _scale(axis, left, right)
    at = x(chart.reference.value)
    marks = [
        tag("path", class_="axis", stroke_dasharray="5 4", stroke_width=1.5 * frame.thick,
            d=f"M{at:.5g} {top}V{bottom}"),
        frame.text(chart.reference.name, min(max(at, 3 * font), frame.width - 3 * font), font),
        tag("path", class_="axis", d=f"M{left:.5g} {bottom}H{right}"),
        *_below(axis, x, bottom, frame),
    ]  # fmt: skip
    for i, row in enumerate(chart.rows):
        line, colour = top + pitch * i + (pitch / 2 if beside else 2 * font), hue(row.colour)
        label = (0.0, line + 0.35 * font) if beside else (side, line - 0.75 * font)
        marks.append(frame.text(row.label, *label, "start", font_weight=700 if row.emphasised else 400))
        bounds = [end for end in (row.low, row.high) if end is not None and math.isfinite(end)]
        marks += [
            tag("circle", tag("title", short(value, 3)), cx=x(value), cy=line, r=4.3 * frame.thick, fill=colour,
                fill_opacity=0.35 if len(bounds) == 2 else 0.9)
            for value in row.values if math.isfinite(value)
        ]  # fmt: skip
        if len(bounds) == 2:
            (low, high), half = map(x, bounds), 6 * frame.thick
            ends = f"v{2 * half}m0 {-half}H{high:.5g}m0 {-half}v{2 * half}"
            marks.append(tag("path", d=f"M{low:.5g} {line - half:.5g}{ends}", stroke=colour,
                             stroke_width=3 * frame.thick, fill="none"))  # fmt: skip
    return Drawn(frame.width, bottom + 1.7 * font, marks)


def _axis_of_spread(chart: Spread, values: Sequence[float]) -> Axis:
    positive = _positive(values)
    if chart.scale in ("ratios", "shares") and positive and max(positive) > _FAR_APART * min(positive):
        axis = ratio_axis(positive) if chart.scale == "ratios" else log_axis(positive)
    else:
        axis = padded_axis([*values, 0.0, 1.0] if chart.scale == "whole" else values)
    if chart.scale in ("percent", "shares", "whole"):
        axis["ticktext"] = [f"{short(100 * value, 3)}%" for value in axis["tickvals"]]
    return axis


@draw.register
def _bars(chart: Bars, frame: Frame) -> Drawn:
    ends = [sum(value for value, _ in bar.parts if math.isfinite(value)) for bar in chart.bars]
    low, high, font = min(0.0, *ends), max(0.0, *ends), frame.font
    right = frame.width - 1.1 * frame.widest(f"{bar.text}  " for bar in chart.bars)
    beside, pitch, left = frame.rows([bar.label for bar in chart.bars], right, 2.8)
    down, thick = 0.2 if beside else 1.35, 0.82 * font
    across = (right - left) / (high - low or 1)
    zero, marks = left - low * across, []
    for i, bar in enumerate(chart.bars):
        top, start, gap = i * pitch, zero, frame.thick if bar.split else 0.0
        marks.append(frame.text(bar.label, 0 if beside else 0.4 * font, top + font, "start"))
        for j, (value, colour) in enumerate(bar.parts):
            length = value * across if math.isfinite(value) else 0.0
            marks.append(tag("rect", x=min(start, start + length) + gap, y=top + down * font, height=thick,
                             width=max(abs(length) - 2 * gap, 0.0), fill=hue(colour)))  # fmt: skip
            words = bar.texts[j] if j < len(bar.texts) else ""
            if words and frame.widest([words]) < length:
                marks.append(frame.text(words, start + length / 2, top + (down + 0.7) * font, font_size=0.8 * font,
                                        style=f"fill: {text_on(hue(colour))}"))  # fmt: skip
            start += length
        marks.append(frame.text(bar.text, max(start, zero) + 0.4 * font, top + (down + 0.75) * font, "start"))
    height = pitch * len(chart.bars)
    marks.append(tag("path", class_="axis", d=f"M{zero:.5g} 0V{height:.5g}", stroke_width=2 * frame.thick))
    return Drawn(frame.width, height, marks)


@draw.register
def _links(chart: Links, frame: Frame) -> Drawn:
    panel, top, dot = frame.width / len(chart.sides), 2 * frame.font, 4.5 * frame.thick

    def circle(x: float, y: float, colour: str) -> str:
        return tag("circle", cx=x, cy=y, r=dot, fill=colour)

    def row(i: int, count: int) -> float:
        return top + (frame.height - top) * (i + 0.5) / count

    marks = []
    for s, side in enumerate(chart.sides):
        left, right = s * panel + 2 * dot, s * panel + 0.8 * panel
        count = sum(units for layer in side.layers for units, _ in layer)
        marks.append(frame.text(side.title, left - dot, frame.font, "start"))
        starts, ends = ([row(i, number) for i in range(number)] for number in (chart.neurons, count))
        for layer in side.layers:
            colours = [hue(f"task:{head}") for units, head in layer for _ in range(units)]
            own, ends = ends[: len(colours)], ends[len(colours) :]
            for y, colour in zip(own, colours, strict=True):
                links = (f"M{left:.5g} {start:.5g}L{right:.5g} {y:.5g}" for start in starts)
                thin = {"stroke_opacity": 0.75, "stroke_width": 1.4 * frame.thick}
                marks += [tag("path", d="".join(links), stroke=colour, **thin), circle(right, y, colour)]
            edge = 2.2 * dot
            size = {"width": 2 * edge, "height": own[-1] - own[0] + 2 * edge, "rx": dot}
            box = {"x": right - edge, "y": own[0] - edge, "stroke_width": 1.8 * frame.thick, **size}
            marks.append(tag("rect", fill="none", stroke=NEUTRAL, **box))
        marks += [circle(left, start, NEUTRAL) for start in starts]
    return Drawn(frame.width, frame.height, marks)


def _votes(votes: Votes) -> Iterable[str]:
    """For each option a bar of its votes in each round: 70 % of the width stand for all."""
    most = max(1, *votes.totals)
    for option in votes.options:
        bars = []
        for i, (count, total) in enumerate(zip(option.votes, votes.totals, strict=True)):
            when = ("", "") if len(votes.totals) < 2 else ((" before", " first"), (" after", ""))[i]
            words = f"{count} ({int(100 * count / max(total, 1) + 0.5)} %){when[0]}"
            bar = tag("i", style=f"width: {70 * count / most:.5g}%") + tag("span", words)
            bars.append(tag("div", bar, class_=f"bar{when[1]}"))
        letter = tag("b", option.letter) if option.letter else ""
        text = tag("p", ("✓ " if option.right else "") + escape(option.text))
        look = f"option{' right' if option.right else ''}{'' if letter else ' bare'}"
        yield tag("div", letter + text + tag("div", "".join(bars), class_="bars"), class_=look)


def _area(
    frame: Frame, x_axis: Axis, y_axis: Axis, name: str, beside: float = 0.0
) -> tuple[list[str], Callable[[float], float], Callable[[float], float]]:
    """The axes of a chart, with `name` below and room `beside` it, and where values stand on both."""
    font = frame.font
    left = font * max([3, *(0.62 * len(words) + 0.6 for words in y_axis["ticktext"])])
    right, top, bottom = frame.width - font - beside, font / 2, frame.height - font * (2.9 if name else 1.6)
    x, y = _scale(x_axis, left, right), _scale(y_axis, bottom, top)
    marks = [
        tag("path", d=f"M{left:.5g} {top}V{bottom:.5g}H{right:.5g}", class_="axis", fill="none"),
        *(frame.text(words, left - font / 2, y(value) + font / 3, "end") for value, words in _ticks(y_axis)),
        *_below(x_axis, x, bottom, frame),
        frame.text(name, (left + right) / 2, bottom + 2.5 * font) if name else "",
    ]
    return marks, x, y


def _below(axis: Axis, x: Callable[[float], float], bottom: float, frame: Frame) -> list[str]:
    """The ticks of a horizontal axis, without those for which there is no room."""
    ticks = list(_ticks(axis))
    apart = abs(x(ticks[1][0]) - x(ticks[0][0])) if len(ticks) > 1 else math.inf
    every = math.ceil((frame.widest(axis["ticktext"]) + frame.font) / max(apart, 1.0)) or 1
    return [frame.text(words, x(value), bottom + 1.3 * frame.font) for value, words in ticks[::every]]


def _scale(axis: Axis, start: float, end: float) -> Callable[[float], float]:
    """Where a value stands between two places. One beyond the axis stands at its end."""
    least = 10.0 ** axis["range"][0] if axis["type"] == "log" else -math.inf

    def at(value: float) -> float:
        return start + (end - start) * min(max(place(axis, max(value, least)), 0.0), 1.0)

    return at


def _points(
    places: Iterable[float], values: Iterable[float], x: Callable[[float], float], y: Callable[[float], float]
) -> Points:
    """Where the values stand; None for one that is NaN or infinite."""
    return [(x(at), y(value)) if math.isfinite(value) else None for at, value in zip(places, values, strict=True)]


def _path(points: Points, digits: int = 1) -> str:
    """A line through the points, with a gap at each None. A point between two gaps is a dash."""
    text = ""
    last: tuple[float, float] | None = None
    for i, point in enumerate(points):
        before, last = last, point and (round(point[0], digits), round(point[1], digits))
        if last and before:
            text += f"l{last[0] - before[0]:g},{last[1] - before[1]:g}"
        elif last:
            text += f"M{last[0]:g},{last[1]:g}" + ("h6" if i + 1 == len(points) or not points[i + 1] else "")
    return text


def _ticks(axis: Axis) -> Iterable[tuple[float, str]]:
    return zip(axis["tickvals"], axis["ticktext"], strict=True)


def _positive(values: Iterable[float]) -> list[float]:
    return [value for value in values if 0 < value < math.inf]
