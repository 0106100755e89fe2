"""One visitor in a browser, and the faults that no visit may have."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, WebError, WebSocket, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from backend.web.cookie import STORY
from tests.browser.contexts import Contexts

#: Milliseconds to wait for what comes far sooner unless other work takes the cores. Another server has real workers.
PAGE = 270_000 if "APP_ADDRESS" in os.environ else 30_000
#: Whether nothing has to be scrolled sideways.
FITS = """() => [document.documentElement, document.querySelector('.stMain')]
  .every((each) => each.scrollWidth <= each.clientWidth)"""
#: What is still loading after the script of a page has run: Streamlit's parts, and what our own components draw.
UNDRAWN = "[data-testid=stSkeleton], .stElementContainer:has(.stBidiComponent):not([data-drawn])"
#: Whether nothing is on its way from one state to another: a colour, an expander's height (Streamlit's take .5 s, also
#: with reduced motion), or the sign that the page is being drawn.
SETTLED = """() => !document.querySelector("[data-testid=stStatusWidget]")
  && !document.getAnimations().some((each) => !(each instanceof CSSAnimation))"""
expect.set_options(timeout=PAGE)
#: The pages whose links are in the menu More.
IN_MENU = ("Speed", "Topologies", "Lab", "Your own model")
#: The options of every browser context.
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"}
#: Options that are those of a page here, so that visitors who differ in them can share a context.
_MEDIA = ("color_scheme", "reduced_motion", "forced_colors")

# Reports each error box of Streamlit, which may disappear before a test looks for it.
_WATCH = """
new MutationObserver(() => {
  for (const box of document.querySelectorAll("[data-testid=stException]:not([data-seen])")) {
    box.dataset.seen = "yes"
    console.error("an exception on the page: " + box.innerText)
  }
}).observe(document, { childList: true, subtree: true })
"""

# Records how far what was drawn has moved, as the browser counts it: https://web.dev/articles/cls.
_SHIFTS = """
window.shifts = []
new PerformanceObserver((list) => {
  const place = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(" ")
  for (const { value, startTime, hadRecentInput, sources } of list.getEntries()) {
    const nodes = sources.map(({ node, previousRect, currentRect }) =>
      `${place(previousRect)} → ${place(currentRect)}: ${(node?.outerHTML ?? "?").slice(0, 120)}`)
    if (!hadRecentInput) window.shifts.push({ value, startTime, nodes })
  }
}).observe({ type: "layout-shift", buffered: true })
"""

#: Resolves once changes are drawn and their observers have been called.
DRAWN = """() => new Promise((done) =>
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"""


def _title(page: str) -> re.Pattern[str]:
    """A pattern for the title of a page, which may name the visitor's own settings in the middle."""
    return re.compile(f"^{page} · (.+ · )?Two Heads$")


def is_poll(message: str | bytes) -> bool:
    """Whether a message of the browser only asks for a fragment that is drawn again by a timer."""
    assert isinstance(message, bytes)
    return bool(BackMsg.FromString(message).rerun_script.is_auto_rerun)


def chart_selector(key: str) -> str:
    return f".st-key-{re.sub('[^A-Za-z0-9_-]', '-', key)}:not([data-retained])"


def prepare(context: BrowserContext) -> None:
    """Watch for exceptions and for what moves."""
    context.set_default_timeout(PAGE)
    context.add_init_script(_WATCH)
    context.add_init_script(_SHIFTS)


def download(visit: Visit, label: str) -> Path:
    """The file that arrives after a press of that button, under the name that the browser gives it."""
    with visit.page.expect_download() as arriving:
        visit.page.get_by_role("button", name=label, exact=True).click()
    path = arriving.value.path()
    return path.rename(path.with_name(arriving.value.suggested_filename))


class Visit:
    """A browser context with one page. Its only cookie says that the visitor has seen the introduction.

    A `newcomer` has no cookie.

    The visitor wants reduced motion unless the options say otherwise: where a run plays, a picture is drawn 60 times a
    second, and without a graphics card that takes half a core from what is tested.
    `base` is the server's base path, such as "/heads". `faults` collects what no visit may have: requests to another
    host, errors in the console, exceptions, and failed requests for our own files. `all` are the visits that have not
    ended.
    """

    all: ClassVar[list[Visit]] = []

    def __init__(
        self, contexts: Contexts, address: str, base: str = "", newcomer: bool = False, **options: Any
    ) -> None:
        self.faults: list[str] = []
        self._left = False
        self._address, self._base = address, base
        self._window = options.pop("viewport", None)
        self._media = {name: options.pop(name) for name in _MEDIA if name in options}
        permissions = options.pop("permissions", [])
        self._ending = ExitStack()
        self.context = self._ending.enter_context(contexts.one(f"http://{address}", **DESK | options))
        self.context.grant_permissions(permissions)
        handlers = {"request": self._on_request, "console": self._on_console, "weberror": self._on_error}
        for event, handler in handlers.items():
            self.context.on(event, handler)
            self._ending.callback(self.context.remove_listener, event, handler)
        if not newcomer:
            self.context.add_cookies([{"name": STORY, "value": "1", "url": f"http://{address}"}])
        self.page = self.new_tab()
        Visit.all.append(self)

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, *failed: Any) -> None:
        Visit.all.remove(self)
        self._ending.__exit__(*failed)
        assert not self.faults, "\n".join(self.faults)

    def new_tab(self, opened: Page | None = None) -> Page:
        """A tab of this visitor, or the one that a link has `opened`, with this visitor's window and media."""
        page = opened or self.context.new_page()
        if self._window:
            page.set_viewport_size(self._window)
        if self._media:
            page.emulate_media(**self._media)
        page.on("websocket", self._on_websocket)
        return page

    def described(self) -> str:
        """The page as it is now, for the report of a failed test: its address and its text."""
        return f"{self.page.url}\n{self.page.inner_text('body')}"

    def leave(self) -> None:
        """Leave the app and ignore faults until the next `stand`, because the test stops the server."""
        self._left = True  # the browser may report errors late
        self.page.goto("about:blank")
        self.faults.clear()

    # Navigation.

    @property
    def url(self) -> str:
        return f"http://{self._address}{self._base}"

    def open(self, path: str = "/") -> Page:
        """Follow a link to the app, and wait until the page is complete."""
        self.page.goto(self.url + path)
        return self.stand()

    def stand(self) -> Page:
        """Wait until the page is connected and its script has run, also on a server that has just started."""
        self.page.locator("[data-testid=stApp][data-test-connection-state=CONNECTED]").wait_for()
        self.page.locator("[data-test-script-state=notRunning]").wait_for()
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        expect(self.page.locator(UNDRAWN)).to_have_count(0)
        self._left = False
        return self.page

    def go_to(self, title: str) -> Page:
        """Choose a page in the navigation."""
        links = self.navigation
        if title in IN_MENU:
            links.get_by_role("button", name="More").click()
            links = self.page.locator(".st-key-frame-more-pages")
        links.get_by_role("link", name=title, exact=True).click()
        expect(self.page).to_have_title(_title(title))
        return self.stand()

    @property
    def navigation(self) -> Locator:
        """The links in the strip, and the button of its menu."""
        return self.page.locator(".st-key-frame-pages")

    def query(self) -> str:
        return urlsplit(self.page.url).query

    def expect_query(self, wanted: Callable[[str], bool] | str) -> None:
        """Wait until the URL's query is that text, or `wanted` returns true for it."""
        check = wanted if callable(wanted) else lambda query: query == wanted
        self.page.wait_for_url(lambda url: check(urlsplit(url).query), timeout=PAGE, wait_until="commit")

    def shifted(self) -> tuple[float, str]:
        """The cumulative layout shift since the page was opened, in its largest window of 5 s; and all that moved."""
        self.page.evaluate(DRAWN)  # the browser reports what has moved after it has drawn it
        shifts = self.page.evaluate("window.shifts")
        worst, started, last, total = 0.0, 0.0, -1000.0, 0.0
        for shift in shifts:
            now = shift["startTime"]
            if now - last > 1000 or now - started > 5000:
                started, total = now, 0.0
            last, total = now, total + shift["value"]
            worst = max(worst, total)
        each = [[f"{shift['value']:.3f} at {shift['startTime']:.0f} ms", *shift["nodes"]] for shift in shifts]
        return worst, "\n".join(chain.from_iterable(each))

    # Settings.

    def number(self, label: str) -> Locator:
        return self.page.get_by_label(label, exact=True)

    def unfold(self, label: str) -> None:
        """Open the folds of the sidebar if the setting with that label is in none that is open."""
        expect(self.page.get_by_test_id("stSidebar").locator(UNDRAWN)).to_have_count(0)
        if self.number(label).filter(visible=True).count():
            return
        folds = self.page.get_by_test_id("stSidebar").locator("details:not([open]) > summary").filter(visible=True)
        for fold in folds.all()[::-1]:  # what a fold reveals stands below it
            fold.click()
        self.page.locator("[data-test-script-state=notRunning]").wait_for()
        self.page.wait_for_function(SETTLED)

    def set_number(self, label: str, value: float) -> None:
        """Type a number once the page is drawn: what is typed into a field that is being replaced is lost."""
        self.unfold(label)
        self.page.locator("[data-test-script-state=notRunning]").wait_for()
        self.number(label).fill(str(value))
        self.number(label).press("Enter")

    def choose(self, label: str, option: str) -> None:
        """Open a menu and click an option. A menu that opens while the page scrolls or grows is closed by that."""
        self.unfold(label)
        menu = self.page.get_by_label(label, exact=True)
        menu.scroll_into_view_if_needed()
        self.page.evaluate(DRAWN)
        self.page.locator("[data-test-script-state=notRunning]").wait_for()
        menu.click()
        self.page.get_by_role("option", name=option, exact=True).click()

    # Charts.

    def chart(self, key: str) -> Locator:
        """The Plotly chart with that key, without its previous figure, which Streamlit keeps hidden for a moment."""
        return self.page.locator(f"{chart_selector(key)} .js-plotly-plot")

    @property
    def diagram(self) -> Locator:
        """Both sides of the page's connectivity diagram."""
        return self.page.locator("section.diagram svg.side")

    def expect_traces(self, key: str, count: int, timeout: float = PAGE) -> None:
        """Wait until the chart has that many traces."""
        expect(self.chart(key).locator(".scatterlayer .trace")).to_have_count(count, timeout=timeout)

    def expect_chart_title(self, words: str | re.Pattern[str], timeout: float = PAGE) -> None:
        """Wait for a chart with that title, which is in bold above it."""
        expect(self.page.locator("strong").filter(has_text=words).first).to_be_visible(timeout=timeout)

    def layer_graph(self, model: str | re.Pattern[str]) -> Locator:
        """Keras's layer graph of that model."""
        words = re.escape(model) if isinstance(model, str) else model.pattern
        return self.page.get_by_role("img", name=re.compile(f"^Keras's layer graph of the .*{words}"))

    # A run.

    @property
    def train(self) -> Locator:
        return self.page.get_by_role("button", name="Train", exact=True)

    @property
    def cancel(self) -> Locator:
        return self.page.get_by_role("button", name="Cancel", exact=True)

    def wait_for_epochs(self) -> None:
        """Wait until a run is in progress and its first epochs are drawn.

        Before that, the curves may be those of a recorded run.
        """
        expect(self.page.get_by_test_id("stProgress").get_by_text(re.compile(r"^Epoch \d+ of "))).to_be_visible()
        self.expect_chart_title(
            re.compile(
                r"^Total (validation|training) loss after epoch \d+( of the first seed|, median of \d+ seeds)?: "
            )
        )
        expect(self.cancel).to_be_enabled()

    def wait_for_finish(self) -> None:
        """Wait until a run has ended and the page shows its result alone: while it is drawn, it may show both."""
        expect(self.page.get_by_text(re.compile(r"built in .* trained in"))).to_be_visible()
        self.stand()

    # Faults.

    def _on_request(self, request: Request) -> None:
        self._stay_here(request.url)

    def _on_error(self, error: WebError) -> None:
        self.faults.append(f"uncaught in the page: {error.error}")

    def _on_websocket(self, socket: WebSocket) -> None:
        self._stay_here(socket.url)

    def _stay_here(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.netloc != self._address:
            self.faults.append(f"requested another host: {url[:200]}")

    def _on_console(self, message: ConsoleMessage) -> None:
        url = message.location["url"]
        # A room refuses, and says why. While the database is busy, its page sends again what was not stored.
        refused = "409 (Conflict)" in message.text or ("status of 503" in message.text and "/rooms/" in url)
        if message.type == "error" and not self._left and not refused:
            self.faults.append(f"console: {message.text[:500]} ({url})")
