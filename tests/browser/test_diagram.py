"""The diagram's JavaScript on an empty page, without a server: every architecture, width and state can be drawn."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from backend.experiment import Experiment
from components import browser
from components.diagram.network import picture
from components.diagram.weights import frames
from tests.browser.axe import faults
from tests.builders.diagrams import deep, snapshot, widest

pytestmark = pytest.mark.browser

SYSTEM = Path("components/layout/system.css")
(FONT,) = Path("pages/static").glob("inter-latin-*.woff2")
#: The page's font: the layout knows how wide its letters are.
INTER = f"url(data:font/woff2;base64,{b64encode(FONT.read_bytes()).decode()})"


COLOURS = {
    "light": {"text": "#0f1620", "background": "#ffffff", "secondary-background": "#f3f5f7", "primary": "#222a6b"},
    "dark": {"text": "#e6ebf2", "background": "#0f141b", "secondary-background": "#1a212b", "primary": "#b3beff"},
}

DRAW = """([data, width]) => {
  document.querySelector("main").remove()
  const host = document.createElement("main")
  host.style.width = `${width}px`
  document.body.append(host)
  window.sent = []
  const setStateValue = (...told) => sent.push(told)
  window.drawn = (data) => twoHeads.render("diagram", { data, parentElement: host, setStateValue })
  window.drawn(data)
}"""

#: The boxes of all texts that are to be seen, with their font size.
TEXTS = """() => [...document.querySelectorAll("svg.side")].map((side) => [...side.querySelectorAll("text")]
  .filter((text) => text.textContent && text.getAttribute("fill-opacity") !== "0.000")
  .filter((text) => getComputedStyle(text).visibility !== "hidden")
  .map((text) => {
    const { left, right, top, bottom } = text.getBoundingClientRect()
    const edge = side.getBoundingClientRect()
    const outside = Math.max(edge.left - left, right - edge.right)
    const size = parseFloat(getComputedStyle(text).fontSize)
    return { words: text.textContent, size, left, right, middle: (top + bottom) / 2, outside }
  }))"""

#: Both ends of every edge that is drawn by itself, and the neurons' middles and radii.
ENDS = """() => [...document.querySelectorAll("svg.side")].map((side) => ({
  paths: [...side.querySelectorAll("path.edge")]
    .flatMap((path) => path.getAttribute("d").split("M").slice(1))
    .map((d) => {
      const numbers = d.match(/-?[\\d.]+/g).map(Number)
      return [...numbers.slice(0, 2), ...numbers.slice(-2)]
    }),
  neurons: [...side.querySelectorAll(".neuron .body")].map((body) => {
    const { x, y, width } = body.getBBox()
    return [x + width / 2, y + width / 2, width / 2]
  }),
}))"""

LIT = """async () => {
  await Promise.all(document.getAnimations().map(({ finished }) => finished))
  return [...document.querySelectorAll("svg.side")].map((side) =>
    [...side.querySelectorAll("path.edge")].filter((path) => getComputedStyle(path).strokeOpacity >= 0.6).length)
}"""

#: What must not change in the morph, and what must.
STATE = """() => ({
  lines: [...document.querySelectorAll("svg.side path.edge")].map((path) => {
    const place = JSON.stringify(path.getBoundingClientRect())
    const { stroke, strokeWidth } = getComputedStyle(path)
    return [path.getAttribute("d"), stroke, strokeWidth, place]
  }),
  boxes: [...document.querySelectorAll("svg.side")].map((side) => {
    const boxes = [...side.querySelectorAll("path.box")].map((box) => box.getBBox())
    return 1 + boxes.slice(1).filter((box, i) => box.y > boxes[i].y + boxes[i].height + 0.1).length
  }),
})"""


#: The smallest contrast of a number on its cell or neuron, and of other words on the page's ground.
CONTRAST = """() => {
  const parse = (colour) => colour.match(/[\\d.]+/g).map((v) => colour.startsWith("color(srgb") ? v * 255 : Number(v))
  const linear = (v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4
  const lum = (rgb) => rgb.slice(0, 3).reduce((sum, v, i) => sum + linear(v / 255) * [0.2126, 0.7152, 0.0722][i], 0)
  const over = (top, ground, alpha) => top.slice(0, 3).map((v, i) => v * alpha + ground[i] * (1 - alpha))
  const ground = parse(getComputedStyle(document.body).backgroundColor)
  return Math.min(...[...document.querySelectorAll("svg.side text")]
    .filter((text) => text.textContent && getComputedStyle(text).visibility !== "hidden").map((text) => {
      const value = text.classList.contains("value")
      const below = value ? text.previousElementSibling : text.parentNode.querySelector(".body")
      const style = below && getComputedStyle(below)
      const behind = below ? over(parse(style.fill), ground, Number(style.fillOpacity)) : ground
      const fill = getComputedStyle(text).fill
      const [a, b] = [lum(parse(fill)), lum(behind)]
      return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    }))
}"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1000, "height": 900})
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.set_content(
        f"<html lang=en><title>Diagram</title><style>{SYSTEM.read_text()}"
        f"@font-face {{ font-family: Inter; font-weight: 100 900; src: {INTER} }}</style>"
        f"<body><main></main><script>{browser.bundles()['main']}</script></body></html>"
    )
    paint(page, "light")
    yield page
    context.close()
    assert not faults


def paint(page: Page, scheme: str) -> None:
    colours = COLOURS[scheme]
    style = "".join(f"--st-{name}-color: {colour};" for name, colour in colours.items())
    style += f"--st-heading-color: {colours['text']}; --st-border-color: #7c8798; --st-font: Inter, sans-serif;"
    page.evaluate(
        "style => document.body.style = style", f"{style} background: {colours['background']}; color-scheme: {scheme}"
    )


def data(experiment: Experiment, weighted: bool = False, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"picture": picture(experiment.architecture, *experiment.styles()).model_dump()}
    found |= {"neuron": "", "play": False, "file": "test", "run": None}
    found["unit"] = "epoch"
    if weighted:
        snapshots = [snapshot(experiment, epoch, seed=epoch) for epoch in (0, 4, 8)]
        found["frames"] = frames(experiment.architecture, snapshots).model_dump()
    return found | more


def draw(page: Page, found: dict[str, Any], width: int = 980) -> None:
    page.evaluate(DRAW, [found, width])


def test_the_most_crowded_diagrams_are_legible(page: Page) -> None:
    """Each at the width that leaves it the least room or, for one, the most."""
    for architecture, width in ((deep(), 358), (widest(), 358), (widest((32, 8)), 980)):
        for weighted in (False, True):
            check(page, Experiment(architecture=architecture), width, weighted)


def check(page: Page, experiment: Experiment, width: int, weighted: bool) -> None:
    found = data(experiment, weighted)
    draw(page, found, width)
    groups = found["picture"]["groups"]
    count = sum(groups[each["source"]]["count"] * each["count"] for each in groups[1:])
    for side in page.evaluate(ENDS):
        assert len(side["paths"]) == count
        neurons = np.array(side["neurons"])
        for end in np.array(side["paths"]).reshape(-1, 2):
            gaps = np.hypot(*(neurons[:, :2] - end).T) - neurons[:, 2]
            assert gaps.min() < 0
    for texts in page.evaluate(TEXTS):
        assert texts
        for text in texts:
            assert text["size"] >= 11
            assert text["outside"] < 1.5, text
        for i, one in enumerate(texts):
            for other in texts[:i]:
                apart = max(other["left"] - one["right"], one["left"] - other["right"])
                # Digits and capitals of 11 pixels are 8 pixels high.
                assert apart > -1 or abs(one["middle"] - other["middle"]) >= 9.5, (one, other)
    assert page.evaluate("document.querySelector('main').scrollWidth") <= width


#: Animation frames by hand: a test may then look at each of them.
FRAMES_BY_HAND = """() => {
  window.waiting = []
  window.requestAnimationFrame = (frame) => window.waiting.push(frame)
  window.clock = 1000
  window.step = () => {
    const frames = window.waiting
    window.waiting = []
    window.clock += 50
    for (const frame of frames) frame(window.clock)
    return window.waiting.length > 0
  }
}"""


def test_the_morph_moves_no_line_and_turns_one_box_into_one_for_each_head(
    page: Page,
) -> None:
    draw(page, data(Experiment(), weighted=True))
    page.evaluate(FRAMES_BY_HAND)
    before = page.evaluate(STATE)
    assert before["boxes"] == [1, 2]
    for label, boxes, words in (
        ("Pull the box apart", 2, "drawn as two Dense(1)"),
        ("Put it together", 1, "one Dense(2)"),
    ):
        page.get_by_role("button", name=label).click()
        seen = []
        while page.evaluate("step()"):
            now = page.evaluate(STATE)
            assert now["lines"] == before["lines"]
            seen.append(now["boxes"])
        assert len(seen) > 20
        assert {tuple(found) for found in seen} == {(1, 2), (2, 2)}
        assert page.evaluate(STATE) == before | {"boxes": [boxes, 2]}
        expect(page.locator("svg.side").first.locator(".layers")).to_have_text(words)
    assert page.evaluate("sent") == []


def test_a_press_or_a_key_chooses_a_neuron_and_older_data_do_not_undo_it(page: Page) -> None:
    found = data(Experiment())
    draw(page, found)
    heading, side = page.get_by_role("heading", level=2), page.locator("svg.side").nth(1)
    chosen = side.get_by_role("button", pressed=True)
    side.get_by_role("button", name="Dense neuron 1").click()
    expect(heading).to_have_text("Dense neuron 1 feeds every head: 2 edges on both sides")
    assert page.evaluate(LIT) == [2, 2]
    page.evaluate("drawn", found)  # what was sent before the choice
    expect(heading).to_contain_text("Dense neuron 1")
    expect(chosen).to_have_accessible_name("Dense neuron 1")
    page.keyboard.press("Enter")
    expect(chosen).to_have_count(0)
    assert page.evaluate(LIT) == [16, 16]
    page.keyboard.press("Tab")
    expect(page.locator(".tooltip")).to_contain_text("Dense neuron 2 feeds every head")
    page.keyboard.press(" ")
    expect(heading).to_contain_text("Dense neuron 2")
    assert [neuron for _, neuron in page.evaluate("sent")] == ["dense:0", "", "dense:1"]
    page.evaluate("drawn", found | {"neuron": "level:0"})  # a link
    expect(heading).to_have_text("level reads the whole last shared layer: 8 edges on both sides")


def test_axe_finds_nothing(page: Page) -> None:
    paint(page, "dark")
    for found in (data(Experiment(), neuron="level:0"), data(Experiment(architecture=widest()), weighted=True)):
        draw(page, found)
        page.wait_for_function("() => document.getAnimations().length === 0")
        assert not faults(page, within="main")
        assert page.evaluate(CONTRAST) >= 4.5


def test_the_diagram_is_saved_as_it_looks(page: Page) -> None:
    draw(page, data(Experiment(), neuron="level:0"))
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the diagram as SVG").click()
    assert download.value.suggested_filename == "test.svg"
    saved = ElementTree.parse(download.value.path())
    paths = [
        node for node in saved.iter() if node.get("d", "").startswith("M") and node.get("stroke") == "rgb(13, 148, 136)"
    ]
    assert len(paths) == 2 * 8  # the highlighted edges
    assert not [node for node in saved.iter() if "var(" in str(node.attrib)]
