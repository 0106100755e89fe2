"""Takes a picture of each page at each width, for README: `make pictures` writes them to `docs/pictures/`.

Starts the app, waits for its workers, fills each page as a visitor would, and takes the first screen: light at three
widths, and dark at the widest. From the same pages it makes the previews of links, and it records the box that comes
apart.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page

from backend.web.cookie import STORY
from benchmarks import morph, previews
from benchmarks.bitmaps import optimized
from harness.chromium import open_chromium
from harness.local import ROOT
from harness.server import Server

FOLDER = ROOT / "docs" / "pictures"
#: Pixels of the windows: desk, small laptop, phone.
WINDOWS = ((1440, 900), (1024, 768), (390, 844))
MOST_BYTES = 2_500_000
#: Milliseconds; a worker trains both models of a topology with all its seeds.
_WORKER = 600_000

Scheme = Literal["light", "dark"]


def _nothing(page: Page) -> None:
    """The page is complete as it is opened."""


def _train(page: Page) -> None:
    page.get_by_role("button", name="Train", exact=True).click()
    page.get_by_text(re.compile(r"built in .* trained in")).wait_for(timeout=_WORKER)


def _test_all(page: Page) -> None:
    page.get_by_role("button", name="Test all").click()
    page.get_by_text(re.compile(r"\b(\d+) of \1 tested")).first.wait_for(timeout=_WORKER)


def _hide_answers(page: Page) -> None:
    """The preview of a link to the claims tells no answer."""
    page.get_by_role("button", name="Clear my predictions").click()
    page.get_by_text(re.compile(r"^0 of \d+ tested")).first.wait_for(timeout=_WORKER)


def _train_both(page: Page) -> None:
    page.get_by_role("button", name="Train both").click()
    page.get_by_role("button", name="Train again").wait_for(timeout=_WORKER)


def _lead_a_room(page: Page) -> None:
    """Open a room, lead it, and ask the first question."""
    page.get_by_role("button", name="Open a room").click()
    page.get_by_role("button", name=re.compile("Begin")).click()
    page.get_by_role("button", name=re.compile("Freeze")).wait_for(timeout=_WORKER)
    page.get_by_role("button", name=re.compile("How to join")).click()
    page.get_by_alt_text("QR code of the link").wait_for()


def _open_a_model(page: Page) -> None:
    """Open the first of the examples."""
    page.get_by_role("button", name="Try it with a forecast of 16 hours").click()
    page.get_by_text("Measured in Keras").wait_for(timeout=_WORKER)


@dataclass(frozen=True)
class Place:
    """A page: the name of its pictures, its path, and what a visitor does before its pictures and its preview."""

    name: str
    path: str
    fill: Callable[[Page], None] = _nothing
    before_preview: Callable[[Page], None] = _nothing


PLACES = (
    Place("compare", "/"),
    Place("train", "/train", _train),
    Place("claims", "/claims", _test_all, _hide_answers),
    Place("speed", "/speed"),
    Place("topologies", "/topologies?topology=siamese", _train_both),
    Place("lab", "/lab"),
    Place("own", "/own", _open_a_model),
    Place("room", "/room", _lead_a_room),
    Place("learn", "/learn?lesson=factor-of-two&step=sum"),
)


def names(places: tuple[Place, ...] = PLACES) -> Iterator[tuple[str, Place, tuple[int, int], Scheme]]:
    """Each picture's file name, with its page, window and colour scheme."""
    for place in places:
        for window in WINDOWS:
            yield f"{place.name}-{window[0]}.png", place, window, "light"
        yield f"{place.name}-{WINDOWS[0][0]}-dark.png", place, WINDOWS[0], "dark"


def take(browser: Browser, url: str, folder: Path, places: tuple[Place, ...] = PLACES) -> None:
    """Write the pictures of these pages of the server at `url` to `folder`."""
    for place in places:
        # One visitor for each page, which is filled once, in the first window, and stays filled.
        context = browser.new_context(reduced_motion="reduce")
        context.add_cookies([{"name": STORY, "value": "1", "url": url}])
        page = context.new_page()
        page.set_default_timeout(_WORKER)
        filled = False
        for name, _, (width, height), scheme in names((place,)):
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=scheme)
            if not filled:
                page.goto(url + place.path)
                _settle(page)
                place.fill(page)
                filled = True
            _settle(page)
            page.evaluate(_TO_THE_TOP)
            page.mouse.move(width - 1, height - 1)  # nothing is below the mouse
            (folder / name).write_bytes(optimized(page.screenshot(animations="disabled", caret="hide")))
            print(f"{name}: {(folder / name).stat().st_size / 1000:.0f} KB", flush=True)
        page.set_viewport_size({"width": WINDOWS[0][0], "height": WINDOWS[0][1]})
        page.emulate_media(color_scheme="light")
        _settle(page)
        place.before_preview(page)
        _settle(page)
        previews.take(page, place.name)
        if place.name == "compare":
            morph.record(page, folder)
        context.close()


_TO_THE_TOP = """() => {
  document.activeElement?.blur()
  document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0)
}"""

#: Whether nothing on the page is still on its way: no script runs, no worker builds, and every chart is drawn.
_SETTLED = """() => {
  const main = document.querySelector("[data-testid=stMain]")
  return document.querySelector("[data-testid=stApp][data-test-connection-state=CONNECTED]")
    && document.querySelector("[data-test-script-state=notRunning]")
    && document.fonts.status === "loaded"
    && !main.querySelector("[data-testid=stSkeleton]")
    && !/Building in Keras|warming up|workers are starting/.test(main.innerText)
    && [...main.querySelectorAll("[data-testid=stPlotlyChart]")].every((chart) => chart.querySelector(".main-svg"))
}"""


def _settle(page: Page) -> None:
    page.wait_for_function(_SETTLED)
    # Streamlit and Plotly fit what is drawn to a new window in the next frames.
    page.evaluate("() => new Promise((done) => setTimeout(done, 800))")
    page.wait_for_function(_SETTLED)


def main() -> None:
    """Take the pictures. Exits with a sentence if all together have more than `MOST_BYTES`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=[place.name for place in PLACES], help="the pictures of one page")
    parser.add_argument("--address", help="host:port of a running app; without it, the app is started")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    given = parser.parse_args()
    places = tuple(place for place in PLACES if given.only in (None, place.name))
    given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, open_chromium() as browser:
        if given.address:
            take(browser, f"http://{given.address}", given.folder, places)
        else:
            server = Server(Path(scratch) / "log", environment={"TWOHEADS_STATE_DIR": scratch})
            try:
                server.wait_until_healthy()
                take(browser, server.url, given.folder, places)
            finally:
                server.stop()
    size = sum(file.stat().st_size for file in given.folder.iterdir())
    if size > MOST_BYTES:
        raise SystemExit(f"The pictures have {size:,} bytes; at most {MOST_BYTES:,} are kept in the repository.")


if __name__ == "__main__":
    main()
