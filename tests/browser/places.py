"""Every page: its path, its name in the navigation, its title, and how to wait until it is complete."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import expect

from tests.browser.visit import Visit


@dataclass(frozen=True)
class Place:
    """A page of the app. `stand` waits for the parts that arrive after the page itself.

    `parts` names the parts of Streamlit that our style sheets and scripts use and that only this page has.
    """

    path: str
    name: str
    title: str
    stand: Callable[[Visit], None]
    parts: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name


def _chart(key: str) -> Callable[[Visit], None]:
    return lambda visit: expect(visit.chart(key).locator(".main-svg").first).to_be_attached()


def _compare(visit: Visit) -> None:
    expect(visit.page.get_by_text("✓ Keras counts")).to_have_count(2)
    expect(visit.diagram).to_have_count(2)


def _topologies(visit: Visit) -> None:
    expect(visit.layer_graph("model")).to_be_visible()


def _speed(visit: Visit) -> None:
    expect(visit.page.locator(".st-key-speed-ratio .drawn")).to_be_visible()


def _lab(visit: Visit) -> None:
    expect(visit.page.locator("section.compass .tip")).to_be_visible()


def _own(visit: Visit) -> None:
    expect(visit.page.get_by_text("Open a .keras file", exact=True)).to_be_visible()


def _learn(visit: Visit) -> None:
    expect(visit.page.get_by_role("button", name="Start").first).to_be_visible()


def _rooms(visit: Visit) -> None:
    expect(visit.page.get_by_role("button", name="Open a room")).to_be_visible()


def _claims(visit: Visit) -> None:
    expect(visit.page.locator("svg.claim-drawing")).to_have_count(12)


def prove(visit: Visit) -> None:
    """Test two claims."""
    page = visit.page
    for key, prediction in (("advisor", "Sequential"), ("averaged_summed", "k times as large")):
        card = page.locator(f".st-key-claim-{key}")
        card.get_by_text("Predict", exact=True).click()
        card.get_by_text(prediction).first.click()
        expect(card.get_by_text("you predicted").first).to_be_visible()
    expect(page.locator(".st-key-claim-averaged_summed-chart .drawn")).to_be_attached()
    page.mouse.move(0, 0)  # Streamlit's own tooltip stands outside of every landmark


#: Parts that only the choice of a CSV's columns has (`test_own_csv.py`).
TAGS = ("chosen-tag", "tags-field")
#: The part that only a job has that takes time (`test_restart.py`).
PROGRESS = "progress-track"
PLACES = (
    Place("/", "Compare", "The same network?", _compare),
    Place("/train", "Train", "Which one trains better?", _chart("curves.task.1")),
    Place(
        "/claims?timesteps=4&lstm=4&samples=64&batch=16",
        "Claims",
        "Which of the thread's claims are true?",
        _claims,
    ),
    Place("/speed", "Speed", "Is one layer for all heads faster?", _speed, ("chosen-pill",)),
    Place("/topologies", "Topologies", "What can Sequential not express?", _topologies),
    Place(
        "/lab",
        "Lab",
        "Do the heads pull together?",
        _lab,
        ("radio", "radio-option", "radio-mark", "chosen-radio-mark", "empty-radio-mark"),
    ),
    Place("/own", "Your own model", "Can your heads be one layer?", _own),
    Place("/learn", "Learn", "Can you predict what Keras does?", _learn),
    Place("/room", "Rooms", "Predict together", _rooms, ("text-field",)),
)
