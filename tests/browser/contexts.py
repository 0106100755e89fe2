"""Browser contexts that serve one visitor after the other."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext

#: The storage types that are cleared after a visit, by Chromium's names. The HTTP cache is kept.
_LEFT = "cookies,local_storage,indexeddb,service_workers,cache_storage"


class Contexts:
    """Contexts of one browser, each prepared once. The next visitor gets one that holds nothing of the one before.

    It holds the files of the app and what Chromium has compiled of them, as the browser of a visitor who was here
    before. Otherwise each visit would compile 3 MB of Plotly again, which takes a second. What is compiled stays as
    long as the process of the site does, so an empty tab of the site stays open.
    """

    def __init__(self, browser: Browser, prepare: Callable[[BrowserContext], None]) -> None:
        self._browser, self._prepare = browser, prepare
        self._idle: dict[str, list[BrowserContext]] = {}

    @contextmanager
    def one(self, origin: str, **options: Any) -> Iterator[BrowserContext]:
        """A context with these options of Playwright, for a visit of `origin` (scheme and address).

        After an exception it is not used again.
        """
        idle = self._idle.setdefault(json.dumps(options, sort_keys=True), [])
        context = idle.pop() if idle else self._new(origin, options)
        try:
            yield context
            _clear(context, origin)
        except BaseException:
            context.close()
            raise
        idle.append(context)

    def _new(self, origin: str, options: dict[str, Any]) -> BrowserContext:
        context = self._browser.new_context(**options)
        context.new_page().goto(f"{origin}/_stcore/health")
        self._prepare(context)
        return context


def _clear(context: BrowserContext, origin: str) -> None:
    empty, *visited = context.pages
    for page in visited:
        page.close()  # and with it what it keeps for its session
    context.new_cdp_session(empty).send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": _LEFT})
    context.clear_cookies()
    context.clear_permissions()
