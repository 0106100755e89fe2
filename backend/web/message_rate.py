"""Limits the messages of each websocket and visitor, so that a flood slows down its sender alone."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from cachetools import LRUCache
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.token_bucket import TokenBucket
from backend.web.cookie import visitor_in

log = logging.getLogger(__name__)

#: Messages a second of one websocket. A key that is held down sends at most 30 a second.
PER_SOCKET, SOCKET_BURST = 40.0, 120.0
#: Messages a second of one visitor. Thirty polling tabs send 60, and loading all of them at once about a hundred.
PER_VISITOR, VISITOR_BURST = 120.0, 400.0
#: A message of up to this many bytes counts as one, a larger one in proportion to its size.
MESSAGE_BYTES = 16_000
#: Seconds above its rate, without a pause, after which a websocket is disconnected.
PATIENCE = 10.0
#: Visitors whose messages are counted.
_MOST_VISITORS = 20_000


class Allowance:
    """The limits of one websocket: its own bucket, and the one that it shares with the visitor's other websockets."""

    def __init__(self, visitor: TokenBucket, now: float) -> None:
        self._own = TokenBucket(PER_SOCKET, SOCKET_BURST, now)
        self._visitor = visitor
        self._above_since: float | None = None

    def delay(self, now: float, size: int) -> float | None:
        """Seconds to wait before a message of `size` bytes is passed on; None if the websocket has to be disconnected.

        Only its own rate disconnects it: another tab of a flooding visitor becomes slow, but stays connected.
        """
        tokens = max(1.0, size / MESSAGE_BYTES)
        own, visitor = self._own.take(now, tokens), self._visitor.take(now, tokens)
        if self._own.tokens > SOCKET_BURST / 2:  # a pause; a few tokens alone may also mean that the server was busy
            self._above_since = None
        elif own > 0 and self._above_since is None:
            self._above_since = now
        if own > 0 and self._above_since is not None and now - self._above_since > PATIENCE:
            return None
        return max(own, visitor)


class MessageRate:
    """Delays the messages of a websocket above its rate, and disconnects it if that goes on.

    The next message is read only when the last one has been passed on, so a flood waits in the sender's network
    buffers. A visitor is a cookie; all clients without one at the same address count as one visitor. The connection
    ends without a close frame: after one, uvicorn would read on for ten seconds, and its parsing delays everybody. A
    message counts as it was sent; the app gets the result of `passed_on`, or no message if that is None. Streamlit
    accepts no text, so text ends the connection.
    """

    def __init__(
        self,
        app: ASGIApp,
        passed_on: Callable[[bytes], bytes | None] = lambda data: data,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.app = app
        self.passed_on = passed_on
        self.clock = clock
        self.sleep = sleep
        self._visitors: LRUCache[str, TokenBucket] = LRUCache(maxsize=_MOST_VISITORS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        now = self.clock()
        visitor = self._visitors.setdefault(_sender(scope), TokenBucket(PER_VISITOR, VISITOR_BURST, now))
        allowance = Allowance(visitor, now)
        gone = False

        async def receive_in_time() -> Message:
            while not gone:
                message = await receive()
                if message["type"] == "websocket.connect":
                    await self.sleep(visitor.take(self.clock()))
                if message["type"] != "websocket.receive":
                    return message
                data = message.get("bytes")
                if data is None:
                    return {"type": "websocket.disconnect", "code": 1003, "reason": "text"}
                delay = allowance.delay(self.clock(), len(data))
                if delay is None:
                    line = "disconnected a WebSocket above %.0f messages a second for %.0f s"
                    log.warning(line, PER_SOCKET, PATIENCE)
                    return {"type": "websocket.disconnect", "code": 1008, "reason": "too many messages"}
                await self.sleep(delay)
                if (data := self.passed_on(data)) is not None:
                    return {**message, "bytes": data}
            return {"type": "websocket.disconnect", "code": 1006}

        async def send_while_there(message: Message) -> None:
            """Send. If the client is gone, drop its unread messages, so that Streamlit notices at its next read."""
            nonlocal gone
            try:
                await send(message)
            except OSError:
                gone = True

        await self.app(scope, receive_in_time, send_while_there)


def _sender(scope: Scope) -> str:
    """The visitor, or the address of a client without a cookie."""
    client = scope.get("client")
    return visitor_in(HTTPConnection(scope).cookies) or f"address {client[0] if client else ''}"
