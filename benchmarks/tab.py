"""One browser tab without a browser: Streamlit's WebSocket, spoken as its page does, with a stopwatch.

It keeps what the page would keep (widget values, the query, hashes of cached messages, the clocks of fragments) and
forgets what the page would draw.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import NewSession
from streamlit.proto.NumberInput_pb2 import NumberInput
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

#: Seconds that an answer may take before the tab gives up.
PATIENCE = 60.0
_XSRF = "_streamlit_xsrf"


class Broken(Exception):
    """The app answered in a way that no visitor should see."""


@dataclass
class Asked:
    """A run of the script that the tab asked for, until it has ended."""

    what: str
    fragment: str = ""
    sent: float = field(default_factory=time.monotonic)
    begun: bool = False
    size: int = 0  # bytes received meanwhile
    seconds: float = 0.0
    whole_page: bool = True
    answered: asyncio.Event = field(default_factory=asyncio.Event)


class Tab:
    """A tab at `address` (host:port). `note` is told of each run that has ended."""

    def __init__(self, address: str, note: Callable[[Asked], None]) -> None:
        self.address = address
        self.texts: list[str] = []  # Markdown of the last run and since, warnings and the like first of all
        self.alerts: list[str] = []
        self.cookies: dict[str, str] = {}
        self._note = note
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._asked: list[Asked] = []
        self._failure: Exception | None = None
        self._changed = asyncio.Event()
        self._page_name = self._page_hash = self._query = ""
        self._numbers: dict[str, NumberInput] = {}
        self._buttons: dict[str, tuple[str, str]] = {}  # label → widget, its fragment
        self._values: dict[str, WidgetState] = {}
        self._clocks: dict[str, tuple[float, asyncio.Task[None]]] = {}
        self._max_age = 2
        self._cached: dict[str, tuple[int, str]] = {}  # hash → run in which it was last used, its fragment
        self._runs = 0
        self._fragments: list[str] = []

    async def open(self, page: str, query: str = "") -> Asked:
        """Load the page as a browser does: the document, then a WebSocket, then the first run of its script."""
        begun = time.monotonic()
        self._page_name, self._query = page, query
        for path in (f"/{page}?{query}", "/_stcore/health", "/_stcore/host-config"):
            await self._get(path)
        self._socket = await connect(
            f"ws://{self.address}/_stcore/stream",
            origin=f"http://{self.address}",  # type: ignore[arg-type]
            additional_headers={"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())},
            subprotocols=[Subprotocol("streamlit"), Subprotocol(self.cookies.get(_XSRF, "PLACEHOLDER_AUTH_TOKEN"))],
            max_size=None,
            ping_interval=None,
            open_timeout=PATIENCE,
        )
        self._reader = asyncio.create_task(self._read(self._socket))
        first = Asked("first_load", sent=begun)
        await self._ask(first)
        return await self._answer(first)

    async def set_number(self, key: str, value: float) -> Asked:
        """Type a number into the input with that key."""
        found = self._number(key)
        self._values[found] = _state(self._numbers[found], value)
        return await self._answer(await self._ask(Asked("settings_change")))

    async def forge(self, key: str, text: str) -> Asked:
        """Send a text as the value of the number input with that key, which no page does."""
        found = self._number(key)
        self._values[found] = WidgetState(id=found, string_value=text)
        return await self._answer(await self._ask(Asked("forged")))

    async def click(self, label: str) -> Asked:
        """Press a button."""
        if label not in self._buttons:
            raise Broken(f"there is no button {label!r}")
        widget, fragment = self._buttons[label]
        self.alerts.clear()
        asked = Asked("click", fragment)
        return await self._answer(await self._ask(asked, WidgetState(id=widget, trigger_value=True)))

    async def until(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Wait for what the app sends by itself; whether `condition` came true in time."""
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
        """Leave."""
        for _, clock in self._clocks.values():
            clock.cancel()
        if self._reader is not None:
            self._reader.cancel()
        if self._socket is not None:
            await self._socket.close()

    def _number(self, key: str) -> str:
        """The id of the number input with that key."""
        found = next((each for each in self._numbers if each.endswith(f"-{key}")), None)
        if found is None:
            raise Broken(f"there is no number input {key!r}")
        return found

    # What goes out.

    async def _get(self, path: str) -> None:
        host, _, port = self.address.partition(":")
        reader, writer = await asyncio.wait_for(asyncio.open_connection(host, int(port)), PATIENCE)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        lines = [f"GET {path} HTTP/1.1", f"Host: {self.address}", "Connection: close", "Accept: text/html"]
        writer.write("\r\n".join([*lines, *([f"Cookie: {cookies}"] if cookies else []), "", ""]).encode())
        answer = await asyncio.wait_for(reader.read(), PATIENCE)
        writer.close()
        head, *headers = answer.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
        if " 200" not in head:
            raise Broken(f"{path} answered {head}")
        for name, _, value in (header.partition(":") for header in headers):
            if name.lower() == "set-cookie":
                cookie, _, content = value.strip().partition(";")[0].partition("=")
                self.cookies[cookie] = content

    async def _ask(self, asked: Asked, trigger: WidgetState | None = None, auto: bool = False) -> Asked:
        self._check()
        assert self._socket is not None
        message = BackMsg()
        run = message.rerun_script
        run.query_string, run.fragment_id, run.is_auto_rerun = self._query, asked.fragment, auto
        if self._page_hash:
            run.page_script_hash = self._page_hash
        else:
            run.page_name = self._page_name
        run.widget_states.widgets.extend([*self._values.values(), *([trigger] if trigger else [])])
        run.cached_message_hashes.extend(self._cached)
        run.context_info.timezone, run.context_info.locale = "UTC", "en"
        run.context_info.url = f"http://{self.address}/{self._page_name}"
        self._asked.append(asked)
        await self._socket.send(message.SerializeToString())
        return asked

    async def _answer(self, asked: Asked) -> Asked:
        try:
            async with asyncio.timeout(PATIENCE):
                await asked.answered.wait()
        except TimeoutError:
            raise Broken(f"{asked.what}: no answer within {PATIENCE:.0f} s") from None
        self._check()
        return asked

    async def _tick(self, fragment: str, interval: float) -> None:
        """A fragment's clock: it asks again whether or not the last answer has come, as a browser's does."""
        while True:
            await asyncio.sleep(interval)
            await self._ask(Asked("poll", fragment), auto=True)

    # What comes in.

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for data in socket:
                assert isinstance(data, bytes)
                for asked in self._asked:
                    asked.size += len(data)
                self._take(ForwardMsg.FromString(data))
            raise Broken(f"the connection was closed: {socket.close_code} {socket.close_reason}")
        except Exception as error:
            self._failure = error
            self._changed.set()
            for asked in self._asked:
                asked.answered.set()

    def _check(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "delta":
            self._cache(message)
            if message.delta.HasField("new_element"):
                self._draw(message.delta)
        elif kind == "ref_hash":
            if message.ref_hash not in self._cached:
                raise Broken("the app refers to a message that the page does not have")
            self._cached[message.ref_hash] = (self._runs, self._cached[message.ref_hash][1])
        elif kind == "new_session":
            self._begin(message.new_session, list(message.metadata.run.fragment_ids))
        elif kind == "navigation":
            self._page_hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            self._start_clock(message.auto_rerun.fragment_id, message.auto_rerun.interval)
        elif kind == "stop_auto_rerun":
            for fragment in message.stop_auto_rerun.fragment_ids:
                self._stop_clock(fragment)
        elif kind == "script_finished":
            self._end(message.script_finished)

    def _begin(self, session: NewSession, fragments: list[str]) -> None:
        self._fragments = fragments
        self._max_age = session.config.max_cached_message_age or self._max_age
        for asked in self._asked:
            asked.begun |= not self._fragments or asked.fragment in self._fragments
        if not self._fragments:
            self.texts.clear()
            self._buttons.clear()
            self._numbers.clear()

    def _end(self, status: ForwardMsg.ScriptFinishedStatus.ValueType) -> None:
        if status == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            raise Broken("the script does not compile")
        if status == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return
        self._runs += 1
        for hash_, (run, fragment) in list(self._cached.items()):
            if (not self._fragments or fragment in self._fragments) and self._runs - run > self._max_age:
                del self._cached[hash_]
        now = time.monotonic()
        for asked in [each for each in self._asked if each.begun]:
            self._asked.remove(asked)
            asked.seconds, asked.whole_page = now - asked.sent, not self._fragments
            self._note(asked)
            asked.answered.set()
        self._changed.set()

    def _cache(self, message: ForwardMsg) -> None:
        if message.metadata.cacheable:
            self._cached[message.hash] = (self._runs, message.delta.fragment_id)

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
        elif kind == "markdown":
            self.texts.append(element.markdown.body)
        elif kind == "alert":
            self.alerts.append(element.alert.body)
            if element.alert.format == Alert.ERROR:
                raise Broken(f"the page says: {element.alert.body}")
        elif kind == "exception":
            raise Broken(f"the page shows {element.exception.type}: {element.exception.message}")

    def _start_clock(self, fragment: str, interval: float) -> None:
        if fragment in self._clocks and self._clocks[fragment][0] == interval:
            return
        self._stop_clock(fragment)
        self._clocks[fragment] = (interval, asyncio.create_task(self._tick(fragment, interval)))

    def _stop_clock(self, fragment: str) -> None:
        if fragment in self._clocks:
            self._clocks.pop(fragment)[1].cancel()


def _state(number: NumberInput, value: float) -> WidgetState:
    if number.data_type == NumberInput.INT:
        return WidgetState(id=number.id, int_value=int(value))
    return WidgetState(id=number.id, double_value=value)
