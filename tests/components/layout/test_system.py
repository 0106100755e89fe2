"""Style sheets use the one system: no colour, radius, size of text or shadow is typed in elsewhere."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

from tests.builders.colours import contrast

ROOT = Path(__file__).parents[3]
SYSTEM = ROOT / "components" / "layout" / "system.css"
PROPERTIES = dict(re.findall(r"(--[\w-]+): ([^;]+);", SYSTEM.read_text(encoding="utf-8")))
SCHEMES = ("light", "dark")
SHEETS = sorted(
    {*(ROOT / "components").rglob("*.css"), *(ROOT / "components" / "browser").glob("*.js")}
    - {SYSTEM, ROOT / "components" / "streamlit_internals" / "selectors.css"}
)

#: What a declaration of each kind may have besides the system's properties and the theme's, and why.
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b(?!-)|\b(?:rgba?|hsla?|light-dark)\(")
ALLOWED_COLOURS = {
    "colours.js": "it computes with colours",
    "diagram.js": "the ground of a saved picture, where the page has none",
}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.relative_to(ROOT).as_posix())
def test_no_colour_is_typed_in(sheet):
    if sheet.name in ALLOWED_COLOURS:
        return
    text = re.sub(
        r"/\*.*?\*/|^\s*//[^\n]*$|#part-", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
    )
    assert not [match[0] for match in COLOUR.finditer(text) if not text[: match.start()].endswith("this.")]


def colour(name: str, scheme: str) -> str:
    """The colour of a property of the system in a scheme."""
    both = re.fullmatch(r"light-dark\((#\w{6}), (#\w{6})\)", PROPERTIES[name])
    return both[1 + SCHEMES.index(scheme)] if both else PROPERTIES[name]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_can_be_read_on_every_ground_that_it_has(scheme):
    grounds = ("--ground", "--over")
    pairs = [
        *product(("--ink", "--quiet", "--accent", "--accent-strong", "--found", "--good", "--bad", "--open"), grounds),
        *product(("--ink", "--accent"), ("--accent-ground", "--accent-mark")),
        ("--ink", "--bad-ground"), ("--on-accent", "--accent"), ("--on-accent", "--accent-strong"),
        ("--on-found", "--found"),
    ]  # fmt: skip
    low = {pair: contrast(*(colour(name, scheme) for name in pair)) for pair in pairs}
    assert not {pair: found for pair, found in low.items() if found < 4.5}
