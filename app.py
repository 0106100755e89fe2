"""The ASGI entry: starts the workers, installs the middleware, serves the pages. `streamlit run app.py`."""

from __future__ import annotations

import asyncio
import gc
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

from backend.config.environment import say, settings, stop
from backend.config.folders import unusable_folders
from backend.services import Services, database_of, services, serving
from backend.web import protocols
from backend.web.connections import Connections
from backend.web.cookie import VisitorCookie
from backend.web.descriptors import raise_limit
from backend.web.frontend import Frontend
from backend.web.graceful_shutdown import drain_on_sigterm
from backend.web.health import health_routes
from backend.web.memory import limit_malloc_arenas, trim_when_idle
from backend.web.message_rate import MessageRate
from backend.web.monitoring import port_fault, report_to_operator
from backend.web.moved_pages import moved_page_routes
from backend.web.open_tabs import ALL, OpenTabs
from backend.web.phones import Pages, phone_routes
from backend.web.reports import report_routes
from backend.web.request_filter import RequestFilter
from backend.web.rooms import room_routes
from backend.web.security_headers import SecurityHeaders, security_headers
from backend.web.static_files import StaticFile, StaticFiles, icon_route, named_by_content, scripts_and_styles
from backend.web.streams import Streams
from components import browser, phone, shell
from components.layout import errors, look, preview
from components.layout.address import base_path
from components.live.polling import SLOWEST_POLL
from components.live.render_lock import server_flush
from components.phone import board, participant, report
from components.rooms.measured import PANELS
from components.streamlit_internals import browser_cache, browser_queue, callbacks, log, media_files, messages
from components.streamlit_internals.index_html import with_scripts
from components.streamlit_internals.server import configured_address, icon_fonts, is_closed, static_folder

_edge = settings()
if _faults := [*filter(None, (port_fault(_edge), database_of(_edge).fault()))]:
    stop(_faults)
_framed = "https://" in _edge.frame_ancestors
_streams, _tabs = Streams(), Counter[str]()
_connections = Connections()
_prefix = base_path()
_own_files = {browser.script_name(): browser.bundles()["main"], **phone.files()}
browser_cache.install()
browser_queue.install()
callbacks.install()
media_files.install()


def sessions() -> int:
    """How many browser tabs are connected."""
    return _tabs[ALL]


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[None]:
    """Start the workers in the background (the first page does not wait for TensorFlow); stop them at the end."""
    log.install()
    _connections.set_limit(raise_limit())  # before the workers start, which inherit it
    protocols.install(_connections)
    for sentence in unusable_folders(_edge):
        say(sentence)
    with serving(Services.build(_edge)) as running:
        jobs = running.jobs
        with (
            report_to_operator(jobs, running.database, _edge, sessions, running.record_end),
            drain_on_sigterm(jobs, _edge.drain_seconds, SLOWEST_POLL, _streams.end_all),
        ):
            limit_malloc_arenas()
            server_flush.loop = asyncio.get_running_loop()
            jobs.start()
            running.database.start()
            gc.collect()
            gc.freeze()  # runner.postScriptGC is off, and permanent objects need no further scans
            trimming = asyncio.create_task(trim_when_idle(sessions))
            yield
            trimming.cancel()
            await asyncio.to_thread(running.close)


def pages() -> dict[str, str]:
    """The HTML of each page by its path, which ends with the name of its script; that of the first page is the base."""
    scripts = {script.stem for script in (Path(__file__).parent / "pages").glob("*.py")}
    names = scripts - {"__init__", "navigation", "compare"} | {""}
    return {f"{_prefix}/{name}": index_html(name) for name in names}


def index_html(name: str = "") -> str:
    """The HTML of the page of that name. The content-security policy contains the hashes of its inline scripts."""
    page = (static_folder() / "index.html").read_text(encoding="utf-8")
    head = preview.tags(name, f"{_prefix}/app/static") + look.head(name)
    return with_scripts(page, browser.script_name(), head, shell.shell(name))


def static_files() -> dict[str, StaticFile]:
    """What pages load besides their HTML, by path."""
    return {
        **scripts_and_styles(static_folder() / "static", f"{_prefix}/static"),
        **{f"{_prefix}/static/media/{file.name}": StaticFile(file.read_bytes, file.name) for file in icon_fonts()},
        **named_by_content(Path(__file__).parent / "pages" / "static", f"{_prefix}/app/static"),
        **{f"{_prefix}/{name}": StaticFile(text.encode, name) for name, text in _own_files.items()},
    }


def other_origins() -> set[str]:
    """The origins of our pages by Streamlit's settings, for a proxy that does not pass on the requested host."""
    origins = set(st.get_option("server.corsAllowedOrigins"))
    if configured := configured_address():
        address, port = configured
        origins |= {f"{scheme}://{address}{at}" for scheme in ("http", "https") for at in ("", f":{port}")}
    return {origin.strip().lower().rstrip("/") for origin in origins}


_pages = pages()
app = st.App(
    Path(__file__).parent / "pages" / "navigation.py",
    lifespan=lifespan,
    routes=[
        *health_routes(lambda: services().jobs, lambda: services().database, _prefix),
        *moved_page_routes(_prefix),
        icon_route(next((Path(__file__).parent / "pages" / "static").glob("icon-*.png"))),
        *phone_routes(
            lambda: services().rooms,
            _streams,
            phone.document("phone", "Room", _prefix),
            Pages(participant.page, participant.result, board.page),
            _prefix,
            framed=_framed,
            origins=other_origins(),
            hosts=_edge.allowed_hosts.split(),
        ),
        *room_routes(
            lambda: services().rooms,
            _prefix,
            _framed,
            partial(phone.code_document, _prefix),
            phone.document("board", "Board", _prefix),
        ),
        *report_routes(lambda: services().rooms, PANELS, partial(report.document, _prefix), _prefix),
    ],
    middleware=[
        # Before all else: a first load is a hundred files. They need no policy, which belongs to a document.
        Middleware(StaticFiles, files=static_files()),
        Middleware(SecurityHeaders, headers=security_headers(_pages[f"{_prefix}/"], _edge.frame_ancestors)),
        Middleware(
            RequestFilter,
            origins=other_origins(),
            hosts=_edge.allowed_hosts.split(),
            closed=partial(is_closed, metrics=_edge.streamlit_metrics),
        ),
        Middleware(OpenTabs, paths=_pages, counts=_tabs, requests=lambda: _connections.share),
        Middleware(VisitorCookie, framed=_framed),
        Middleware(MessageRate, passed_on=messages.filter_message),
        Middleware(Frontend, pages=_pages, prefix=_prefix),
    ],
    on_script_error=errors.show,
)
