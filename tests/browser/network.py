"""Requests that are lost, and answers that come late."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import APIResponse, Page, Route

from harness.local import until

#: Lets a request take as long as it takes. After 5 seconds, a phone would have its participant send it again.
PATIENT = "AbortSignal.timeout = () => new AbortController().signal"


def lose(page: Page, path: str) -> Callable[[], None]:
    """Block requests whose URL matches `path`. Returns a function that stops blocking them."""
    lost = True

    def handle(route: Route) -> None:
        if lost:
            route.abort("timedout")
        else:
            route.continue_()

    def find() -> None:
        nonlocal lost
        lost = False

    page.route(path, handle)
    return find


def hold(page: Page, path: str) -> Callable[[], Callable[[], None]]:
    """Hold back the server's responses to requests whose URL matches `path`.

    Returns a function that waits for the first response. That function returns another one, which releases all
    responses.
    """
    held: list[tuple[Route, APIResponse]] = []
    holds = True

    def handle(route: Route) -> None:
        if holds:
            held.append((route, route.fetch()))
        else:
            route.continue_()

    def has_answered() -> bool:
        page.title()  # meanwhile Playwright calls the handler
        return bool(held)

    def release() -> None:
        nonlocal holds
        holds = False
        for route, answer in held:
            route.fulfill(response=answer)

    def wait() -> Callable[[], None]:
        until(has_answered, "an answer")
        return release

    page.route(path, handle)
    return wait
