"""A browser tab without a browser: a client of Streamlit's WebSocket that times each script run.

It keeps what Streamlit's page keeps (widget values, the query, hashes of cached messages, timers of fragments), but
draws nothing.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.BidiComponent_pb2 import BidiComponent
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import NewSession
from streamlit.proto.NumberInput_pb2 import NumberInput
from streamlit.proto.Radio_pb2 import Radio
from streamlit.proto.Selectbox_pb2 import Selectbox
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from harness.files import fetch, needed

#: Seconds after which the tab gives up on a response.
PATIENCE = 60.0
_XSRF = "_streamlit_xsrf"
#: The cookie of a browser that has shown the story (`backend/web/cookie.py`).
_STORY = "two_heads_story"
#: The beginning of the ids of a component's events.
_INTERNAL = "$$STREAMLIT_INTERNAL_KEY"
Menu = Radio | Selectbox
_Found = TypeVar("_Found")
#: The elements that a tab reads. It keeps them, because the app may refer to a cached message.
_CACHED_KINDS = (
    "number_input",
    "radio",
    "selectbox",
    "bidi_component",
    "button",
    "markdown",
    "progress",
    "alert",
)
#: The icon of the line that says that the workers are not ready (components/layout/page.py).
_STARTING = ":material/hourglass_top:"


class Broken(Exception):
    """The app sent something that no visitor should see, or sent nothing."""


@dataclass
class ScriptRun:
    """A script run that the tab requested."""

    what: str
    fragment: str = ""
    sent: float = field(default_factory=time.monotonic)
    begun: bool = False
    size: int = 0  # bytes received from the beginning of the run to its end
    seconds: float = 0.0
    whole_page: bool = True
    ended: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class _Cached:
    """A message that the page keeps: the run in which it was last used, its fragment, and its content if it is read."""

    used: int
    fragment: str
    delta: Delta | None


class Tab:
    """A tab at `address` (host:port). It calls `note` with each script run that has ended.

    `source` is the address from which it connects: Linux has all of 127.0.0.0/8. With `files` it loads all files of a
    page that it opens, as a new browser does, and notes them as "files". A `newcomer` has not seen the story.
    """

    def __init__(
        self,
        address: str,
        note: Callable[[ScriptRun], None] = lambda run: None,
        source: str | None = None,
        files: bool = False,
        newcomer: bool = False,
    ) -> None:
        self.address = address
        self._source = (source, 0) if source else None
        self._files = files
        self._texts: list[tuple[str, str]] = []  # Markdown, its fragment
        self.alerts: list[str] = []  # notices since the last click
        self.progress = ""  # the text of the last bar that was drawn
        self.cookies = {} if newcomer else {_STORY: "1"}
        self.received: list[bytes] | None = None  # a list: all frames and responses are added to it
        self.session = ""  # the id with which the session can be resumed
        self._note = note
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._requested: list[ScriptRun] = []
        self._failure: Exception | None = None
        self._changed = asyncio.Event()
        self._page_name = self._page_hash = self._query = ""
        self._numbers: dict[str, NumberInput] = {}
        self._buttons: dict[str, tuple[str, str]] = {}  # label → widget, its fragment
        self._menus: dict[str, tuple[Menu, str]] = {}  # id → radio or select box, its fragment
        self._components: dict[str, tuple[BidiComponent, str]] = {}  # name → component of ours, its fragment
        self._expanders: dict[str, str] = {}  # id → its fragment
        self._values: dict[str, WidgetState] = {}
        self._timers: dict[str, tuple[float, asyncio.Task[None]]] = {}
        self._held: list[str] = []  # fragments whose timers request no run now
        self._max_age = 2
        self._cached: dict[str, _Cached] = {}
        self._runs = 0
        self._fragments: list[str] = []

    @property
    def texts(self) -> list[str]:
        """The Markdown on the page, in the order in which it came."""
        return [text for text, _ in self._texts]

    async def open(self, page: str, query: str = "") -> ScriptRun:
        """Load a page as a browser does: the document, then the WebSocket, then the first script run."""
        begun = time.monotonic()
        self._page_name, self._query = page, query
        html = await self.get(f"/{page}?{query}")
        if self._files:
            await self._load_files(page, html)
        for path in ("/_stcore/health", "/_stcore/host-config"):
            await self.get(path)
        await self._connect()
        return await self._end_of(await self._request(ScriptRun("first_load", sent=begun)))

    async def reconnect(self) -> None:
        """Connect again in the same session, with the cookies that the tab has now.

        What is on the page can still be pressed.
        """
        await self.close()
        await self._connect()

    async def set_number(self, key: str, value: float) -> ScriptRun:
        """Type a number into the number input with that key."""
        id = self._number_id(key)
        self._values[id] = _state(self._numbers[id], value)
        return await self._end_of(await self._request(ScriptRun("settings_change")))

    async def forge(self, key: str, text: str) -> ScriptRun:
        """Send a text as the value of the number input with that key, as no browser does."""
        id = self._number_id(key)
        self._values[id] = WidgetState(id=id, string_value=text)
        return await self._end_of(await self._request(ScriptRun("forged")))

    async def click(self, label: str) -> ScriptRun:
        """Press a button, as soon as it is there."""
        async with self._still(f"button {label!r}", lambda: self._buttons.get(label)) as (widget, fragment):
            self.alerts.clear()
            pressed = WidgetState(id=widget, trigger_value=True)
            return await self._end_of(await self._request(ScriptRun("click", fragment), pressed))

    async def expand(self, key: str) -> ScriptRun:
        """Open the expander with that key, as soon as it is there."""

        def find() -> tuple[str, str] | None:
            return next((each for each in self._expanders.items() if each[0].endswith(f"-{key}")), None)

        async with self._still(f"expander {key!r}", find) as (id, fragment):
            self._values[id] = WidgetState(id=id, bool_value=True)
            return await self._end_of(await self._request(ScriptRun("expand", fragment)))

    async def choose(self, key: str, label: str) -> ScriptRun:
        """Choose the option with that label in the menu whose key begins with `key`, as soon as it is there."""

        def find() -> tuple[Menu, str] | None:
            return next((menu for id, menu in self._menus.items() if f"-{key}" in id), None)

        async with self._still(f"menu {key!r}", find) as (menu, fragment):
            if label not in menu.options:
                raise Broken(f"the menu {key!r} has no option {label!r}")
            self._values[menu.id] = WidgetState(id=menu.id, string_value=label)
            return await self._end_of(await self._request(ScriptRun("choice", fragment)))

    def options(self, key: str) -> list[str]:
        """The options of the menu whose key begins with `key`; none if there is no such menu."""
        return next((list(menu.options) for id, (menu, _) in self._menus.items() if f"-{key}" in id), [])

    def data(self, component: str) -> Any:
        """The data of a component of ours; None if the page has none of this name."""
        drawn = self._components.get(component)
        return json.loads(drawn[0].json) if drawn else None

    async def trigger(self, component: str, event: str, value: object, what: str = "trigger") -> ScriptRun:
        """Send an event of a component, as its script in the browser does."""
        events = json.dumps([{"event": event, "value": value}])
        find = partial(self._components.get, component)
        async with self._still(f"component {component!r}", find) as (drawn, fragment):
            sent = WidgetState(id=f"{_INTERNAL}_{drawn.id}__events", json_trigger_value=events)
            return await self._end_of(await self._request(ScriptRun(what, fragment), sent))

    def button(self, label: str) -> str | None:
        """The whole label of the button that begins with `label`; None if the page has none."""
        return next((each for each in self._buttons if each.startswith(label)), None)

    async def until(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Receive messages until `condition` is true. False when it is not within `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                while not condition():
                    self._check()
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            return False
        return True

    async def close(self) -> None:
        """Close the connection, as leaving the page does."""
        for _, timer in self._timers.values():
            timer.cancel()
        if self._reader is not None:
            self._reader.cancel()
        if self._socket is not None:
            await self._socket.close()

    def _number_id(self, key: str) -> str:
        """The id of the number input with that key."""
        id = next((each for each in self._numbers if each.endswith(f"-{key}")), None)
        if id is None:
            raise Broken(f"there is no number input {key!r}")
        return id

    @asynccontextmanager
    async def _still(
        self, what: str, find: Callable[[], tuple[_Found, str] | None]
    ) -> AsyncIterator[tuple[_Found, str]]:
        """What `find` finds, and its fragment, as soon as it is there and no requested run will draw it again.

        Until the caller's own run has ended, the fragment's timer requests no run. Such a run would delete what was
        found, and its end would be taken for that of the caller's run. Raises Broken.
        """
        await self.until(lambda: find() is not None, PATIENCE)
        if (found := find()) is None:
            raise Broken(f"there is no {what}")
        fragment = found[1]
        self._held.append(fragment)
        try:
            if not await self.until(lambda: all(run.fragment != fragment for run in self._requested), PATIENCE):
                raise Broken(f"the runs before that of the {what} do not end")
            if (found := find()) is None:
                raise Broken(f"there is no {what} any more")
            yield found
        finally:
            self._held.remove(fragment)

    # Sending.

    async def get(self, path: str) -> str:
        """Request an address, keep its cookies, and return its text. Raises Broken if it answers with an error."""
        host, _, port = self.address.partition(":")
        reader, writer = await asyncio.wait_for(
            asyncio.open_connection(host, int(port), local_addr=self._source), PATIENCE
        )
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        lines = [f"GET {path} HTTP/1.1", f"Host: {self.address}", "Connection: close", "Accept: text/html"]
        writer.write("\r\n".join([*lines, *([f"Cookie: {cookies}"] if cookies else []), "", ""]).encode())
        answer = await asyncio.wait_for(reader.read(), PATIENCE)
        writer.close()
        self._keep(answer)
        above, _, body = answer.partition(b"\r\n\r\n")
        head, *headers = above.decode("latin-1").split("\r\n")
        if " 200" not in head and " 303" not in head:
            raise Broken(f"{path} answered {head}")
        for name, _, value in (header.partition(":") for header in headers):
            if name.lower() == "set-cookie":
                cookie, _, content = value.strip().partition(";")[0].partition("=")
                self.cookies[cookie] = content
        return body.decode("utf-8", "replace")

    async def _load_files(self, page: str, html: str) -> None:
        run = ScriptRun("files")
        run.size = await asyncio.wait_for(fetch(self.address, needed(page, html)), PATIENCE)
        run.seconds = time.monotonic() - run.sent
        self._note(run)

    async def _connect(self) -> None:
        self._changed = asyncio.Event()  # of this loop: a tab may be opened again on another one
        self._requested.clear()
        protocols = ["streamlit", self.cookies.get(_XSRF, "PLACEHOLDER_AUTH_TOKEN"), *filter(None, [self.session])]
        self._socket = await connect(
            f"ws://{self.address}/_stcore/stream",
            origin=f"http://{self.address}",  # type: ignore[arg-type]
            additional_headers={"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())},
            subprotocols=[Subprotocol(each) for each in protocols],
            max_size=None,
            ping_interval=None,
            open_timeout=PATIENCE,
            local_addr=self._source,
        )
        self._reader = asyncio.create_task(self._read(self._socket))

    async def _request(self, run: ScriptRun, trigger: WidgetState | None = None, auto: bool = False) -> ScriptRun:
        self._check()
        assert self._socket is not None
        message = BackMsg()
        rerun = message.rerun_script
        rerun.query_string, rerun.fragment_id, rerun.is_auto_rerun = self._query, run.fragment, auto
        if self._page_hash:
            rerun.page_script_hash = self._page_hash
        else:
            rerun.page_name = self._page_name
        rerun.widget_states.widgets.extend([*self._values.values(), *([trigger] if trigger else [])])
        rerun.cached_message_hashes.extend(self._cached)
        rerun.context_info.timezone, rerun.context_info.locale = "UTC", "en"
        rerun.context_info.url = f"http://{self.address}/{self._page_name}"
        self._requested.append(run)
        await self._socket.send(message.SerializeToString())
        return run

    async def _end_of(self, run: ScriptRun) -> ScriptRun:
        try:
            async with asyncio.timeout(PATIENCE):
                await run.ended.wait()
        except TimeoutError:
            raise Broken(f"{run.what}: no response within {PATIENCE:.0f} s") from None
        self._check()
        return run

    async def _tick(self, fragment: str, interval: float) -> None:
        """A fragment's timer. Like a browser's, it requests a run even while the previous one goes on.

        While the fragment is held, it requests none.
        """
        while True:
            await asyncio.sleep(interval)
            if fragment not in self._held:
                await self._request(ScriptRun("poll", fragment), auto=True)

    # Receiving.

    def _keep(self, data: bytes) -> None:
        if self.received is not None:
            self.received.append(data)

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for data in socket:
                assert isinstance(data, bytes)
                self._keep(data)
                for run in self._requested:
                    run.size += len(data)
                message = ForwardMsg.FromString(data)
                self._handle(message)
                if message.WhichOneof("type") == "script_finished":  # lets waiting tasks see it before the next run
                    await asyncio.sleep(0)
            raise Broken(f"the connection was closed: {socket.close_code} {socket.close_reason}")
        except Exception as error:
            self._failure = error
            self._changed.set()
            for run in self._requested:
                run.ended.set()

    def _check(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _handle(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "delta":
            self._cache(message)
            if message.delta.HasField("new_element"):
                self._draw(message.delta)
            elif message.delta.add_block.expandable.id:
                self._expanders[message.delta.add_block.expandable.id] = message.delta.fragment_id
        elif kind == "ref_hash":
            if message.ref_hash not in self._cached:
                raise Broken("the app refers to a message that the page has not cached")
            cached = self._cached[message.ref_hash]
            cached.used = self._runs
            if cached.delta is not None:
                self._draw(cached.delta)
        elif kind == "new_session":
            self._begin(message.new_session, list(message.metadata.run.fragment_ids), message.ByteSize())
        elif kind == "navigation":
            self._page_hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            self._start_timer(message.auto_rerun.fragment_id, message.auto_rerun.interval)
        elif kind == "stop_auto_rerun":
            for fragment in message.stop_auto_rerun.fragment_ids:
                self._stop_timer(fragment)
        elif kind == "script_finished":
            self._end(message.script_finished)

    def _begin(self, session: NewSession, fragments: list[str], size: int) -> None:
        self.session = session.initialize.session_id or self.session
        self._fragments = fragments
        self._max_age = session.config.max_cached_message_age or self._max_age
        for run in self._requested:
            if not run.begun and (not self._fragments or run.fragment in self._fragments):
                run.begun, run.size = True, size
        if not self._fragments:
            self._numbers.clear()
            for fragment in list(self._timers):  # as Streamlit's frontend does: a page that needs them sets them again
                self._stop_timer(fragment)
        again = set(self._fragments)
        self._texts = [each for each in self._texts if again and each[1] not in again]
        for id in [id for id, fragment in self._expanders.items() if not again or fragment in again]:
            del self._expanders[id]
        for widgets in (self._buttons, self._menus, self._components):
            for name in [name for name, (_, fragment) in widgets.items() if not again or fragment in again]:
                del widgets[name]

    def _end(self, status: ForwardMsg.ScriptFinishedStatus.ValueType) -> None:
        if status == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            raise Broken("the script does not compile")
        if status == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return
        self._runs += 1
        for hash_, cached in list(self._cached.items()):
            if (not self._fragments or cached.fragment in self._fragments) and self._runs - cached.used > self._max_age:
                del self._cached[hash_]
        now = time.monotonic()
        for run in [each for each in self._requested if each.begun]:
            self._requested.remove(run)
            run.seconds, run.whole_page = now - run.sent, not self._fragments
            self._note(run)
            run.ended.set()
        self._changed.set()

    def _cache(self, message: ForwardMsg) -> None:
        if message.metadata.cacheable:
            delta = message.delta if message.delta.new_element.WhichOneof("type") in _CACHED_KINDS else None
            self._cached[message.hash] = _Cached(self._runs, message.delta.fragment_id, delta)

    def _draw(self, delta: Delta) -> None:
        element = delta.new_element
        kind = element.WhichOneof("type")
        if kind == "number_input":
            number = element.number_input
            self._numbers[number.id] = number
            if number.set_value or number.id not in self._values:
                self._values[number.id] = _state(number, number.value if number.set_value else number.default)
        elif kind == "button":
            self._buttons[element.button.label] = (element.button.id, delta.fragment_id)
        elif kind in ("radio", "selectbox"):
            menu = getattr(element, kind)
            self._menus[menu.id] = (menu, delta.fragment_id)
        elif kind == "bidi_component":
            component = element.bidi_component
            self._components[component.component_name.rpartition("two_heads_")[2]] = (component, delta.fragment_id)
        elif kind == "markdown":
            self._texts.append((element.markdown.body, delta.fragment_id))
        elif kind == "progress":
            self.progress = element.progress.text
        elif kind == "alert":
            self.alerts.append(element.alert.body)
            if element.alert.format == Alert.ERROR:
                raise Broken(f"the page says: {element.alert.body}")
        elif kind == "exception":
            raise Broken(f"the page shows {element.exception.type}: {element.exception.message}")

    def _start_timer(self, fragment: str, interval: float) -> None:
        if fragment in self._timers and self._timers[fragment][0] == interval:
            return
        self._stop_timer(fragment)
        self._timers[fragment] = (interval, asyncio.create_task(self._tick(fragment, interval)))

    def _stop_timer(self, fragment: str) -> None:
        if fragment in self._timers:
            self._timers.pop(fragment)[1].cancel()


async def wait_until_warm(address: str, seconds: float = 240) -> None:
    """Wait until Train no longer says that the workers start. Raises Broken after `seconds`."""
    tab = Tab(address)
    try:
        await tab.open("train")
        if not await tab.until(lambda: not any(_STARTING in text for text in tab.texts), seconds):
            raise Broken(f"the workers were not ready within {seconds:.0f} s: {tab.texts[-1]}")
    finally:
        await tab.close()


def _state(number: NumberInput, value: float) -> WidgetState:
    if number.data_type == NumberInput.INT:
        return WidgetState(id=number.id, int_value=int(value))
    return WidgetState(id=number.id, double_value=value)
