"""A browser tab without a browser: a client of Streamlit's WebSocket that times each script run.

It keeps what Streamlit's page keeps (widget values, the query, hashes of cached messages, timers of fragments), but
draws nothing.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import NewSession
from streamlit.proto.NumberInput_pb2 import NumberInput
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from harness.client import PATIENCE, Broken, Client, ScriptRun
from harness.files import fetch

_XSRF = "_streamlit_xsrf"
#: The cookie of a browser that has shown the introduction (`backend/web/cookie.py`).
_STORY = "two_heads_story"
#: The beginning of the ids of a component's events.
_INTERNAL = "$$STREAMLIT_INTERNAL_KEY"
_MENUS = ("radio", "selectbox")
#: The elements that stay on the page, and those that a tab reads once.
_KEPT = ("number_input", *_MENUS, "bidi_component", "button", "markdown")
_READ = (*_KEPT, "progress", "alert")
#: The icon of the line that says that the workers are not ready (components/layout/page.py).
_STARTING = ":material/hourglass_top:"


@dataclass
class _Cached:
    """A message that the page keeps: the run in which it was last used, its fragment, and its content if it is read."""

    used: int
    fragment: str
    delta: Delta | None


class Tab(Client):
    """A tab of a browser that has seen the introduction."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.alerts: list[str] = []  # notices since the last click
        self.progress = ""  # the text of the last bar that was drawn
        self.cookies = {_STORY: "1"}
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._requested: list[ScriptRun] = []
        self._failure: Exception | None = None
        self._page_name = self._page_hash = self._query = ""
        self._page: list[tuple[str, Any, str]] = []  # kind, element, its fragment
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
        return [element.body for kind, element, _ in self._page if kind == "markdown"]

    async def open(self, page: str, query: str = "") -> ScriptRun:
        """Load a page as a browser does: the document, then the WebSocket, then the first script run."""
        begun = time.monotonic()
        self._page_name, self._query = page, query
        html = await self.get(f"/{page}?{query}")
        if self._files:
            run = ScriptRun("files")
            run.size = await asyncio.wait_for(fetch(self.address, html), PATIENCE)
            self._end(run)
        for path in ("/_stcore/health", "/_stcore/host-config"):
            await self.get(path)
        self._changed = asyncio.Event()  # of this loop: a tab may be opened again on another one
        self._socket = await connect(
            f"ws://{self.address}/_stcore/stream",
            origin=f"http://{self.address}",  # type: ignore[arg-type]
            additional_headers={"Cookie": self._cookie},
            subprotocols=[Subprotocol("streamlit"), Subprotocol(self.cookies.get(_XSRF, "PLACEHOLDER_AUTH_TOKEN"))],
            max_size=None,
            ping_interval=None,
            open_timeout=PATIENCE,
            local_addr=self._source,
        )
        self._reader = asyncio.create_task(self._read(self._socket))
        return await self._run(ScriptRun("first_load", sent=begun))

    async def set_number(self, key: str, value: float) -> ScriptRun:
        """Type a number into the number input with that key, as soon as it is there."""
        async with self._still(f"-{key}", "number_input") as (number, fragment):
            self._values[number.id] = _state(number, value)
            return await self._run(ScriptRun("settings_change", fragment))

    async def click(self, label: str) -> ScriptRun:
        """Press a button, as soon as it is there."""
        async with self._still(label, "button") as (button, fragment):
            self.alerts.clear()
            return await self._run(ScriptRun("click", fragment), WidgetState(id=button.id, trigger_value=True))

    async def choose(self, key: str, label: str) -> ScriptRun:
        """Choose the option with that label in the menu whose key begins with `key`, as soon as it is there."""
        async with self._still(f"-{key}", *_MENUS) as (menu, fragment):
            if label not in menu.options:
                raise Broken(f"the menu {key!r} has no option {label!r}")
            self._values[menu.id] = WidgetState(id=menu.id, string_value=label)
            return await self._run(ScriptRun("choice", fragment))

    async def expand(self, key: str) -> ScriptRun:
        """Open the expander with that key, as soon as it is there."""
        async with self._still(f"-{key}", "expandable") as (expander, fragment):
            self._values[expander.id] = WidgetState(id=expander.id, bool_value=True)
            return await self._run(ScriptRun("choice", fragment))

    def options(self, key: str) -> list[str]:
        """The options of the menu whose key begins with `key`; none if there is no such menu."""
        found = self._find(f"-{key}", *_MENUS)
        return list(found[0].options) if found else []

    async def trigger(self, component: str, event: str, value: object) -> ScriptRun:
        """Send an event of a component, as its script in the browser does."""
        events = json.dumps([{"event": event, "value": value}])
        async with self._still(f"two_heads_{component}", "bidi_component") as (drawn, fragment):
            sent = WidgetState(id=f"{_INTERNAL}_{drawn.id}__events", json_trigger_value=events)
            return await self._run(ScriptRun("trigger", fragment), sent)

    def button(self, label: str) -> str | None:
        """The whole label of the button that begins with `label`; None if the page has none."""
        labels = (element.label for kind, element, _ in self._page if kind == "button")
        return next((each for each in labels if each.startswith(label)), None)

    async def close(self) -> None:
        """Close the connection, as leaving the page does."""
        for _, timer in self._timers.values():
            timer.cancel()
        if self._reader is not None:
            self._reader.cancel()
        if self._socket is not None:
            await self._socket.close()

    def _find(self, name: str, *kinds: str) -> tuple[Any, str] | None:
        """The last drawn element of these kinds with that name, and its fragment."""

        def fits(kind: str, element: Any) -> bool:
            if kind == "button":
                return bool(element.label == name)
            if kind == "bidi_component":
                return str(element.component_name).endswith(name)
            return name in element.id if kind in _MENUS else str(element.id).endswith(name)

        found = (each[1:] for each in reversed(self._page) if each[0] in kinds and fits(*each[:2]))
        return next(found, None)

    @asynccontextmanager
    async def _still(self, name: str, *kinds: str) -> AsyncIterator[tuple[Any, str]]:
        """What `_find` finds, as soon as it is there and no requested run will draw it again.

        Until the caller's own run has ended, the fragment's timer requests no run. Such a run would delete what was
        found, and its end would be taken for that of the caller's run. Raises Broken.
        """
        await self.until(lambda: self._find(name, *kinds))
        if (found := self._find(name, *kinds)) is None:
            raise Broken(f"there is no {kinds[0]} {name!r}")
        fragment = found[1]
        self._held.append(fragment)
        try:
            if not await self.until(lambda: all(run.fragment != fragment for run in self._requested)):
                raise Broken(f"the runs before that of the {kinds[0]} {name!r} do not end")
            if (found := self._find(name, *kinds)) is None:
                raise Broken(f"there is no {kinds[0]} {name!r} any more")
            yield found
        finally:
            self._held.remove(fragment)

    # Sending.

    async def _request(self, run: ScriptRun, trigger: WidgetState | None = None, auto: bool = False) -> None:
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

    async def _run(self, run: ScriptRun, trigger: WidgetState | None = None) -> ScriptRun:
        """Request a run and wait for its end."""
        await self._request(run, trigger)
        try:
            await asyncio.wait_for(run.ended.wait(), PATIENCE)
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

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for data in socket:
                assert isinstance(data, bytes)
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
            if message.metadata.cacheable:
                read = message.delta.new_element.WhichOneof("type") in _READ
                delta = message.delta if read else None
                self._cached[message.hash] = _Cached(self._runs, message.delta.fragment_id, delta)
            self._draw(message.delta)
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
            self._finish(message.script_finished)

    def _begin(self, session: NewSession, fragments: list[str], size: int) -> None:
        self._fragments = fragments
        self._max_age = session.config.max_cached_message_age or self._max_age
        for run in self._requested:
            if not run.begun and (not fragments or run.fragment in fragments):
                run.begun, run.size = True, size
        if not fragments:
            for fragment in list(self._timers):  # as Streamlit's frontend does: a page that needs them sets them again
                self._stop_timer(fragment)
        self._page = [each for each in self._page if fragments and each[2] not in fragments]

    def _finish(self, status: ForwardMsg.ScriptFinishedStatus.ValueType) -> None:
        if status == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            raise Broken("the script does not compile")
        if status == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return
        self._runs += 1
        for hash_, cached in list(self._cached.items()):
            if (not self._fragments or cached.fragment in self._fragments) and self._runs - cached.used > self._max_age:
                del self._cached[hash_]
        for run in [each for each in self._requested if each.begun]:
            self._requested.remove(run)
            run.whole_page = not self._fragments
            self._end(run)
        self._changed.set()

    def _draw(self, delta: Delta) -> None:
        if delta.add_block.expandable.id:
            self._page.append(("expandable", delta.add_block.expandable, delta.fragment_id))
        kind = delta.new_element.WhichOneof("type")
        element: Any = getattr(delta.new_element, kind) if kind else None
        if kind in _KEPT:
            self._page.append((kind, element, delta.fragment_id))
        if kind == "number_input" and (element.set_value or element.id not in self._values):
            self._values[element.id] = _state(element, element.value if element.set_value else element.default)
        elif kind == "progress":
            self.progress = element.text
        elif kind == "toast":
            self.alerts.append(element.body)
        elif kind == "alert":
            self.alerts.append(element.body)
            if element.format == Alert.ERROR:
                raise Broken(f"the page says: {element.body}")
        elif kind == "exception":
            raise Broken(f"the page shows {element.type}: {element.message}")

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
