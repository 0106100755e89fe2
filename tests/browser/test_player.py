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
    marker: curve?.querySelector(".two-heads-marker.over line")?.getAttribute("x1"),
    predictions: found(".points").map((path) => path.getAttribute("d")).join(),
    weights: found(".kernels .value").map((text) => text.textContent).join(),
  }
}"""
MOVED = f"""(before) => {{
  const now = ({MOVING})()
  return Object.keys(now).every((key) => now[key] !== before[key])
}}"""


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
    title = page.locator(".st-key-train-result strong", has_text="poch").first
    at_the_end = re.compile("^At the end, after epoch 20")
    expect(title).to_have_text(at_the_end)
    expect_epoch(page, "After epoch 20 of 20")
    player(page).get_by_role("button", name="Play again").click()
    expect(player(page).get_by_role("button", name="Pause")).to_be_visible()
    player(page).get_by_role("combobox", name="Speed").select_option("0.5")  # so that it still plays at the Space below
    before = page.wait_for_function(
        f"() => {{ const now = ({MOVING})(); return Object.values(now).every(Boolean) && now }}"
    ).json_value()
    messages = len(sent)
    page.wait_for_function(MOVED, arg=before)
    assert all(map(is_poll, sent[messages:])), "playing sends nothing; only what polls the workers may"
    veil = page.locator(".st-key-curves-total .two-heads-marker.veil")
    expect(veil).to_be_visible()  # the curves grow

    # It rests at a whole epoch, which is in the link; keys move it on.
    page.get_by_role("slider", name="Epoch").focus()
    page.keyboard.press("Space")
    expect(player(page).get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.keyboard.press("Home")
    expect_epoch(page, "Before training")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect_epoch(page, "After epoch 2 of 20")
    visit.expect_query("epoch=2")
    expect(page.get_by_role("heading", name=re.compile("^After epoch 2: "))).to_be_visible()
    expect(title).to_have_text(re.compile("^After epoch 2\\b"))

    # With the focus elsewhere, the keys belong to what has the focus: here a number field.
    visit.unfold("Epochs")
    visit.number("Epochs").press("ArrowRight")
    expect_epoch(page, "After epoch 2 of 20")
    # Over the results and without a focus, they are the player's.
    page.evaluate("document.activeElement.blur()")
    visit.chart("curves.total").hover()
    page.keyboard.press("ArrowRight")
    visit.expect_query("epoch=3")
    page.go_back()
    visit.expect_query("epoch=2")
    expect_epoch(page, "After epoch 2 of 20")
    page.keyboard.press("ArrowRight")
    visit.expect_query("epoch=3")

    # The link opens at its epoch, and stands still.
    page.reload()
    visit.stand()
    expect_epoch(page, "After epoch 3 of 20")
    expect(player(page).get_by_role("button", name="Play", exact=True)).to_be_visible()
    # A value beside the marker: the loss after that epoch.
    expect(page.locator(".st-key-curves-total .two-heads-marker.over")).to_contain_text("epoch 3")
    page.get_by_role("slider", name="Epoch").press("End")
    expect(veil).to_be_hidden()
    expect(title).to_have_text(at_the_end)
    for task in ("level", "trend"):
        expect(page.get_by_role("img", name=re.compile(rf"^{task}: a scatter .* After epoch 20: R² "))).to_be_visible()

    # The next step trains at once, and scrolls from the foot of the page to the curves.
    visit.expect_query("")
    page.get_by_role("button", name="Train the same with SGD, rate 0.01").click()
    visit.expect_query("optimizer=sgd&learning_rate=0.01")
    expect(page.get_by_role("region", name="Results of the training")).to_be_focused()
    expect(page.get_by_role("button", name="Cancel", exact=True)).to_be_in_viewport()
    visit.wait_for_finish()
    expect(visit.chart("curves.total")).to_be_in_viewport(ratio=1)


#: Scrolls until the player ends 10 pixels above the end of the window.
PLAYER_AT_THE_BOTTOM = """() => {
  const main = document.querySelector("[data-testid=stMain]"), player = document.querySelector(".st-key-train-player")
  main.scrollBy({ top: player.getBoundingClientRect().bottom - innerHeight + 10, behavior: "instant" })
}"""
#: Everything at the window's bottom or elsewhere that the player lies over, in all of the page. It may not.
COVERED = """async () => {
  const main = document.querySelector("[data-testid=stMain]"), player = document.querySelector(".st-key-train-player")
  const covered = new Set()
  for (let top = 0; ; top += innerHeight / 3) {
    main.scrollTop = top
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
    for (const control of main.querySelectorAll("button, input, select, [role=radio], [role=slider], a[href]")) {
      const box = control.getBoundingClientRect()
      const over = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
      const hidden = over && player.contains(over) && !player.contains(control)
      if (hidden) covered.add(control.ariaLabel ?? control.textContent)
    }
    if (top > main.scrollHeight) return [...covered]
  }
}"""


def test_it_stands_above_the_curves_and_hides_none_rests_until_it_is_asked_and_keeps_its_speed(
    visit: Visit,
) -> None:
    visit.page.add_init_script(SLOW)
    page = visit.open("/train?play=1")
    play = player(page).get_by_role("button", name="Play again")
    expect(play).to_be_visible()
    expect_epoch(page, "After epoch 20 of 20")
    visit.expect_traces("curves.total", 4)
    expect(player(page)).to_be_in_viewport(ratio=1)
    expect(visit.chart("curves.total")).to_be_in_viewport(ratio=1)
    page.locator(".st-key-predictions").scroll_into_view_if_needed()
    expect(player(page)).to_be_in_viewport(ratio=1)  # it moves the predictions, too
    page.set_viewport_size({"width": 1024, "height": 768})
    expect(player(page)).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 1440, "height": 900})

    # On request it plays in steps.
    play.click()
    slider = page.get_by_role("slider", name="Epoch")
    expect_epoch(page, re.compile(r"^After epoch \d of 20$"))
    assert float(slider.input_value()).is_integer()

    # The speed that was chosen is that of the next run.
    speed = player(page).get_by_role("combobox", name="Speed")
    speed.select_option("4")
    visit.choose("Start from", "Equal totals")
    expect(page.get_by_text("Both minimize the same loss from the same weights.")).to_be_visible()
    visit.stand()
    expect(speed).to_have_value("4")

    # In a small window, the player stands above the curves and covers no control.
    for width, height in ((390, 844), (720, 450)):  # a phone, and 1440 × 900 at 200 %
        page.set_viewport_size({"width": width, "height": height})
        expect(page.get_by_test_id("stSidebar")).not_to_be_in_viewport()
        expect(player(page)).to_be_attached()
        visit.expect_traces("curves.total", 4)
        assert page.evaluate(COVERED) == []
        bar, curves = player(page).bounding_box(), visit.chart("curves.total").bounding_box()
        assert bar
        assert curves
        assert bar["y"] + bar["height"] <= curves["y"]

        # What is played is on the screen.
        page.evaluate(PLAYER_AT_THE_BOTTOM)
        expect(visit.chart("curves.total")).not_to_be_in_viewport(ratio=0.5)
        play_button = player(page).get_by_role("button", name=re.compile("^Play"))
        play_button.click()
        expect(visit.chart("curves.total")).to_be_in_viewport(ratio=0.9)
        player(page).get_by_role("button", name="Pause").click()
