"""Requests that are lost, and answers that come late."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import APIResponse, Page, Route

from harness.local import until


def lose(page: Page, path: str) -> Callable[[], None]:
    """Nothing that is sent there reaches the server, until the function is called that this returns."""
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
    """Nothing that the server answers there reaches the page.

    Returns a function that waits for the first answer, and returns one that lets all pass.
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
