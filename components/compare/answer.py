"""The answer at the top of Compare, whose parts are links to the places that show them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import streamlit as st

from backend.experiment import Experiment
from backend.experiment.url import write_query
from backend.questions.compare.answer import Answer, Part, Place, answer
from components import browser, diagram
from components.diagram.network import layers_of
from components.layout import page
from components.session import page_options, state

_KEY = "compare.answer"
DIAGRAM = "compare.connectivity"


#: The path of the page that shows a place; "" is Compare. All others are claims.
_PAGES: dict[Place, str] = {"parameters": "", "code": "", "diagram": "", "train": "train", "speed": "speed"}
#: The places that are views of Compare.
_VIEWS: tuple[Place, ...] = ("parameters", "code")


def question(experiment: Experiment) -> None:
    """Draw the question in a line: the output layers of each side, and the source of the question."""
    source = f"The question comes from a thread on [Stack Overflow]({page.THREAD})."
    st.markdown(f"{endings_sentence(experiment)}. {source}")


def endings_sentence(experiment: Experiment) -> str:
    """The output layers of each side, as a sentence without its full stop."""
    left, right = experiment.styles()
    layers = [layers_of(experiment.architecture, style) for style in (left, right)]
    if left.key == right.key:
        return f"Both sides end in {layers[0]}"
    return f"{left.title} ends in {layers[0]}, {right.title} in {layers[1]}"


def show(experiment: Experiment, *, apart: bool = False) -> None:
    """Draw the answer. A press on a part shows its place: in this tab, or if `apart` in a new one.

    The answer is about the styles, so its links and Train open without other settings on the right.
    """
    experiment = experiment.of_styles()
    answer_data = data(answer(experiment), experiment) | {"apart": apart}
    component = browser.mount("answer", answer_data, key=_KEY, on_place_change=_show_view)
    if component.place and (target := _PAGES.get(component.place, "claims")):
        st.switch_page(f"{target}.py")


def data(answer: Answer, experiment: Experiment) -> dict[str, Any]:
    """What the browser draws: lines of words, some of them links to a place."""
    settings = write_query(experiment)
    equal = _list(answer.equal, settings, "the ")
    if answer.note:
        lines = [[_plain(f"{answer.lead}.")], [_plain(f"{answer.note} Both sides below have "), *equal]]
    else:
        lines = [[_plain(f"{answer.lead}: "), *equal]]
    if answer.different:
        lines.append([_plain("What differs: "), *_list(answer.different, settings)])
    lines += [[_word(part, settings) for part in sentence] for sentence in (answer.effect, answer.choice) if sentence]
    return {"verdict": answer.verdict, "lines": lines, "diagram": diagram.selector(DIAGRAM)}


def _list(parts: tuple[Part, ...], settings: dict[str, list[str]], article: str = "") -> list[dict[str, Any]]:
    """The parts as a list in a sentence, with commas and "and" between them; `article` before all but the first."""
    words: list[dict[str, Any]] = []
    for i, part in enumerate(parts):
        if i:
            words.append(_plain((" and " if i == len(parts) - 1 else ", ") + article))
        words.append(_word(part, settings))
    return [*words, _plain(".")]


def _word(part: Part, settings: dict[str, list[str]]) -> dict[str, Any]:
    """A part as the browser draws it."""
    if part.place is None:
        return _plain(part.words) | {"strong": part.strong}
    place = part.place
    target, anchor = _PAGES.get(place, "claims"), "" if place in _PAGES else place
    query = urlencode(settings | ({"view": [place]} if place in _VIEWS else {}), doseq=True)
    address = f"./{target}" + f"?{query}" * bool(query) + f"#{anchor}" * bool(anchor)
    return {"text": part.words, "place": place, "href": address, "anchor": anchor}


def _plain(text: str) -> dict[str, Any]:
    return {"text": text}


def _show_view() -> None:
    """Callback: show the view of Compare to which the pressed part belongs, or have Train compare the styles."""
    place = browser.sent(_KEY, "place")
    if place == "train":
        state.replace(state.experiment().of_styles())
    if place in _VIEWS:
        page_options.choose("view", place)
