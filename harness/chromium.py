"""An installed Chromium, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

#: What may be installed, the quickest first (`.ci/browser`).
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
#: A slow mobile network: bytes a second each way, and milliseconds of latency.
SLOW = {"offline": False, "downloadThroughput": 50_000, "uploadThroughput": 50_000, "latency": 300}


def path() -> str:
    """The path in the environment variable `CHROMIUM`, or of an installed one. Raises AssertionError if none is."""
    found = os.environ.get("CHROMIUM") or next((each for name in _NAMES if (each := shutil.which(name))), None)
    assert found, "there is no Chromium: apt-get install chromium, or set CHROMIUM to its path"
    return found


@contextmanager
def open_chromium(*options: str) -> Iterator[Browser]:
    """A running Chromium with these options of its command line."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path(), args=["--no-sandbox", *options])
        yield browser
        browser.close()
