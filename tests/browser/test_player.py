"""The player under Train's results: one clock moves curves, predictions and weights in the browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.visit import Visit, is_poll

pytestmark = pytest.mark.browser

#: Everything that shows the epoch: the marker on a curve, the points of a task, the thickness and colour of the edges.
MOVING = """() => {
  const shadows = [...document.querySelectorAll("*")].map((node) => node.shadowRoot).filter(Boolean)
  const found = (selector) => shadows.flatMap((root) => [...root.querySelectorAll(selector)])
  const curve = document.querySelector(".st-key-curves-total:not([data-retained])")
  return {
    marker: curve?.querySelector(".two-heads-marker")?.style.left,
    predictions: [...document.querySelectorAll("[class*=st-key-predictions] .point")]
      .map((point) => point.getAttribute("transform")).join(),
    weights: found(".cell + .value").map((text) => text.textContent).join(),
  }
}"""
MOVED = f"""(before) => {{
  const now = ({MOVING})()
  return Object.keys(now).every((key) => now[key] !== before[key])
}}"""


AT_THE_END, EPOCH_2 = (re.compile(f"^After epoch {epoch} of 20: Sequential 0") for epoch in (20, 2))

#: Frames that pass a tenth of their time: no pause of a test outlasts what plays.
SLOW = """{ const real = window.requestAnimationFrame
  window.requestAnimationFrame = (draw) => real((now) => draw(now / 10)) }"""


def player(page: Page) -> Locator:
    return page.get_by_role("group", name="Player of the run")


def expect_epoch(page: Page, words: str | re.Pattern[str]) -> None:
    expect(player(page).get_by_role("slider", name="Epoch")).to_have_attribute("aria-valuetext", words)


def test_one_player_moves_curves_predictions_and_weights_without_a_message_and_the_link_keeps_its_epoch(
    visitor: Callable[..., Visit],
) -> None:
    visit = visitor(reduced_motion="no-preference")
    sent: list[str | bytes] = []
    visit.page.add_init_script(SLOW)
    visit.page.on("websocket", lambda socket: socket.on("framesent", lambda data: sent.append(data)))

    # The recorded run rests at its end until it is played.
    page = visit.open("/train")
    visit.expect_traces("curves.total", 4)
    expect_epoch(page, AT_THE_END)
    player(page).get_by_role("button", name="Play again").click()
    expect(player(page).get_by_role("button", name="Pause")).to_be_visible()
    before = page.wait_for_function(
        f"() => {{ const now = ({MOVING})(); return Object.values(now).every(Boolean) && now }}"
    ).json_value()
    messages = len(sent)
    page.wait_for_function(MOVED, arg=before)
    assert all(map(is_poll, sent[messages:])), "playing sends nothing; only what polls the workers may"
    veil = page.locator(".st-key-curves-total .two-heads-marker")
    expect(veil).to_be_visible()  # the curves grow

    # It rests at a whole epoch, which is in the link; keys move it on.
    player(page).get_by_role("button", name="Pause").click()
    expect(player(page).get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.get_by_role("slider", name="Epoch").press("Home")
    expect_epoch(page, "Before training")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect_epoch(page, EPOCH_2)
    visit.expect_query("epoch=2")
    expect(page.get_by_role("heading", name=re.compile("^After epoch 2: "))).to_be_visible()

    # The link opens at its epoch, and stands still.
    page.reload()
    visit.stand()
    expect_epoch(page, EPOCH_2)
    expect(player(page).get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.get_by_role("slider", name="Epoch").press("End")
    expect(veil).to_be_hidden()
    expect_epoch(page, AT_THE_END)
