"""Style sheets use the one system: no colour, radius, size of text or shadow is typed in elsewhere."""

from __future__ import annotations

import re
import tomllib
from itertools import product
from pathlib import Path

import pytest

from components import theme
from tests.colours import contrast
from tests.components.test_theme import distance

ROOT = Path(__file__).parents[3]
SYSTEM = ROOT / "components" / "layout" / "system.css"
PROPERTIES = dict(re.findall(r"(--[\w-]+): ([^;]+);", SYSTEM.read_text(encoding="utf-8")))
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
SCHEMES = ("light", "dark")
SHEETS = sorted(
    {*(ROOT / "components").rglob("*.css"), *(ROOT / "components" / "browser").glob("*.js")}
    - {SYSTEM, ROOT / "components" / "streamlit_internals" / "selectors.css"}
)

#: What a declaration of each kind may have besides the system's properties and the theme's, and why.
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b(?!-)|\b(?:rgba?|hsla?|light-dark)\(")
ALLOWED_COLOURS = {
    "colours.js": "it computes with colours",
    "diagram_shell.js": "the ground of a saved picture, where the page has none",
    "predictions_card.js": "the ground of a saved picture, where the page has none",
}
FROM_SYSTEM = {
    "border-radius": re.compile(r"(var\(--radius[\w-]*\)|0|\s)+"),
    "font-size": re.compile(
        r"var\(--font-\w+\)"
        r"|var\(--st-code-font-size\)"  # the theme's
        r"|[\d.]+em|max\(\.85em, .*"  # a share of the text around it
        r"|.*var\(--wall\).*|28px|min\(10vw, 24vh\)"  # the board of a room, which is read from the last row
    ),
    "box-shadow": re.compile(
        r"var\(--shadow[\w-]*\)|none"
        r"|0 3px 12px color-mix\(in srgb, var\(--st-primary-color\) 45%, transparent\)"  # the light of the pressed pill
        r"|5px 5px 0 .*"  # the second sheet of a layer that is used twice
    ),
    "outline": re.compile(
        r"var\(--focus\)|none"
        r"|3px solid var\(--accent\)"  # what a term of a formula stands for (Learn)
    ),
}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.relative_to(ROOT).as_posix())
def test_no_colour_is_typed_in(sheet):
    if sheet.name in ALLOWED_COLOURS:
        return
    text = re.sub(r"/\*.*?\*/|^\s*//.*$|#part-", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    assert not [match[0] for match in COLOUR.finditer(text) if not text[: match.start()].endswith("this.")]


@pytest.mark.slow
@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.relative_to(ROOT).as_posix())
@pytest.mark.parametrize("name", FROM_SYSTEM)
def test_radii_sizes_of_text_shadows_and_outlines_are_the_system_s(sheet, name):
    written = re.findall(rf"(?<![\w-]){name}: ([^;}}\n]+);", sheet.read_text(encoding="utf-8"))
    assert not [value for value in written if not FROM_SYSTEM[name].fullmatch(value)]


def test_every_property_that_is_used_exists_and_every_property_is_used():
    texts = {sheet: sheet.read_text(encoding="utf-8") for sheet in (SYSTEM, *SHEETS)}
    everything = "\n".join([*texts.values(), (ROOT / "components/investigations/colours.py").read_text()])
    used = set(re.findall(r"var\((--[\w-]+)", everything))
    elsewhere = {name for name in used if re.search(rf"[\"'`\s{{]{name}[\"']?[:,]", "\n".join(texts.values()))}
    assert not {name for name in used - elsewhere - {*PROPERTIES} if not name.startswith("--st-")}
    assert not {*PROPERTIES} - used


def colour(name: str, scheme: str) -> str:
    """The colour of a property of the system in a scheme."""
    both = re.fullmatch(r"light-dark\((#\w{6}), (#\w{6})\)", PROPERTIES[name])
    return both[1 + SCHEMES.index(scheme)] if both else PROPERTIES[name]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_system_has_the_theme_s_values(scheme):
    of_theme = THEME[scheme]
    for name, option in (
        ("--ground", "backgroundColor"),
        ("--ink", "textColor"),
        ("--line", "borderColor"),
        ("--accent", "primaryColor"),
    ):
        assert colour(name, scheme) == of_theme[option]
    assert PROPERTIES["--radius"] == THEME["baseRadius"]
    assert PROPERTIES["--neutral"] == theme.NEUTRAL


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


@pytest.mark.parametrize("scheme", SCHEMES)
def test_an_accent_is_never_taken_for_a_head_a_style_or_a_weight(scheme):
    """At least four times what is just noticeable."""
    others = [*theme.TASK_HUES, *theme.STYLE_COLOURS, theme.NEGATIVE, theme.POSITIVE]
    for accent in ("--accent", "--found"):
        assert min(distance(colour(accent, scheme), other) for other in others) >= 8
