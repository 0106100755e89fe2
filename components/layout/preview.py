"""The preview of a link: what a chat or a feed shows of a page, by tags in its head (Open Graph, https://ogp.me)."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import NamedTuple

from backend.web.frontend import ORIGIN

#: The pictures, which `make pictures` takes: `preview-<page>-<hash>.png`.
FOLDER = Path(__file__).parents[2] / "pages" / "static"
SITE = "Two Heads"
WIDTH, HEIGHT = 1200, 630


class Preview(NamedTuple):
    """The title and the sentence of a page."""

    title: str
    sentence: str


_DOOR = Preview(
    "One Dense(2) or two Dense(1): the same network?",
    "See the neurons of both Keras models, and the answer for your own settings.",
)
#: By the last part of the page's path.
PREVIEWS = {
    "": _DOOR,
    "train": Preview(
        "Which one trains better?",
        "Both models are trained side by side, on the same sequences, in real Keras.",
    ),
    "claims": Preview(
        "Which claims about Keras heads are true?",
        "Predict each claim, then see it measured on your own network.",
    ),
    "speed": Preview("Is one layer for all heads faster?", "How long a training step takes, by the number of heads."),
    "topologies": Preview(
        "What can Sequential not express?",
        "Models that are not a plain list of layers, each trained beside a fair baseline.",
    ),
    "lab": Preview(
        "Do the heads pull together?",
        "Drag the gradients of the heads, and see the step that each method takes.",
    ),
    "own": Preview(
        "Can the heads of your Keras model be one layer?",
        "Open a .keras file: its weights stay on your machine, and its architecture is written in the other style.",
    ),
    "learn": Preview("Can you predict what Keras does?", "Lessons that ask first. Then the answer is measured."),
    "room": Preview(
        "Predict together with a class", "Everybody predicts and discusses. Then all see what was measured."
    ),
    "runs": Preview("Your finished trainings", "A list of your runs, and their curves over each other."),
}
#: Pages with the picture of another one.
_PICTURES = {"": "compare", "runs": "train"}


def tags(page: str, static: str) -> str:
    """HTML for the head of the page. `static` is the path of our own files.

    The address of the picture has to be absolute. `backend.web.frontend` writes the origin into it, or leaves it out.
    """
    preview = PREVIEWS.get(page, _DOOR)
    lines = [
        _tag("name", "description", preview.sentence),
        _tag("property", "og:title", preview.title),
        _tag("property", "og:description", preview.sentence),
    ]
    if picture := picture_of(page):  # one line, which is left out as a whole
        address = _tag("property", "og:image", f"{ORIGIN}{static}/{picture.name}")
        lines.append(address + _tag("name", "twitter:card", "summary_large_image"))
    return "".join(f"\n    {line}" for line in lines)


def _tag(kind: str, name: str, content: str) -> str:
    return f'<meta {kind}="{name}" content="{escape(content)}" />'


def picture_of(page: str) -> Path | None:
    """The file of the picture of a page; None if it has not been taken."""
    name = page if page in PREVIEWS else ""
    return next(iter(sorted(FOLDER.glob(f"preview-{_PICTURES.get(name, name)}-*.png"))), None)
