"""The ASGI entry: starts the workers, gives each visitor a pseudonym, serves the pages. `streamlit run app.py`."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.service import jobs
from components import fault
from components.visitor import COOKIE, new_visitor

_COOKIE_SECONDS = 24 * 3600


class VisitorCookie:
    """Sets the visitor's cookie on the page itself, where there is none yet."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or COOKIE in Request(scope).cookies:
            await self.app(scope, receive, send)
            return

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.append(
                        "set-cookie",
                        f"{COOKIE}={new_visitor()}; Path=/; Max-Age={_COOKIE_SECONDS}; HttpOnly; SameSite=Lax",
                    )
            await send(message)

        await self.app(scope, receive, send_with_cookie)


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[None]:
    """Workers up (in the background: the first page does not wait for TensorFlow), workers down."""
    jobs.start()
    gc.collect()
    gc.freeze()  # with runner.postScriptGC off: what lives for ever is never scanned again
    yield
    await asyncio.to_thread(jobs.stop)


app = st.App(
    Path(__file__).parent / "pages" / "shell.py",
    lifespan=lifespan,
    middleware=[Middleware(VisitorCookie)],
    on_script_error=fault.show,
)
