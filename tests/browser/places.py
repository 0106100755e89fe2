"""Every page: its path, its name in the navigation, its title, and how to wait until it is complete."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import expect

from tests.browser.visit import WORKER, Visit


@dataclass(frozen=True)
class Place:
    """A page of the app. `stand` waits for the parts that arrive after the page itself."""

    path: str
    name: str
    title: str
    stand: Callable[[Visit], None]

    def __str__(self) -> str:
        return self.name


def _chart(key: str) -> Callable[[Visit], None]:
    return lambda visit: expect(visit.chart(key).locator(".main-svg").first).to_be_attached()


def _compare(visit: Visit) -> None:
    expect(visit.page.get_by_text("✓ Keras counts")).to_have_count(2, timeout=WORKER)
    expect(visit.diagram).to_have_count(2)


def _topologies(visit: Visit) -> None:
    expect(visit.layer_graph(re.compile("model “"))).to_be_visible(timeout=WORKER)


def _lab(visit: Visit) -> None:
    expect(visit.page.get_by_role("slider", name="Tip of head B")).to_be_visible()


def _own(visit: Visit) -> None:
    expect(visit.page.get_by_text("Open a .keras file", exact=True)).to_be_visible()


def _learn(visit: Visit) -> None:
    expect(visit.page.get_by_role("button", name="Start").first).to_be_visible()


def _rooms(visit: Visit) -> None:
    expect(visit.page.get_by_role("button", name="Open a room")).to_be_visible()


def _runs(visit: Visit) -> None:
    expect(visit.page.get_by_text(re.compile("You have no saved runs|Tick runs in the list"))).to_be_visible()


def prove(visit: Visit) -> None:
    """Test all claims and wait for the verdicts."""
    visit.page.get_by_role("button", name="Test all").click()
    visit.page.mouse.move(0, 0)  # Streamlit's own tooltip stands outside of every landmark
    expect(visit.page.get_by_text(re.compile(r"\b(\d+) of \1 tested"))).to_be_visible(timeout=WORKER)


PLACES = (
    Place("/", "Compare", "Is it the same network?", _compare),
    Place("/train", "Train", "Which one trains better?", _chart("curves.task.1")),
    Place("/claims?timesteps=4&lstm=4&samples=64&batch=16", "Claims", "Which of the thread's claims are true?", prove),
    Place("/speed", "Speed", "Is one layer for all heads faster?", _chart("speed.infer")),
    Place("/topologies", "Topologies", "What can Sequential not express?", _topologies),
    Place("/lab", "Lab", "Do the heads pull together?", _lab),
    Place("/own", "Your own model", "Can your heads be one layer?", _own),
    Place("/learn", "Learn", "Can you predict what Keras does?", _learn),
    Place("/room", "Rooms", "Predict together", _rooms),
    Place("/runs", "Runs", "What have you trained?", _runs),
)
