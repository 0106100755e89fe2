"""A teacher rehearses: a workshop of three questions, led by keyboard on a phone, on a wall and on phones.

Each screen of the wall is compared with what it has to hold. Set `SCREENS` to a folder to look at them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from backend.lessons import Step
from backend.mistakes import MISTAKES
from backend.rooms.markdown import html_of
from backend.rooms.model import FEWEST
from harness.chromium import SLOW
from tests.browser.room_pages import (
    BOARD,
    Learner,
    accessible,
    choose_workshop,
    fits_a_hand,
    fits_a_wall,
    shipped,
)
from tests.browser.test_learn import PHONE, tab_to
from tests.browser.visit import WORKER, Visit

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Asked:
    """A question of the workshop: its lesson's title, itself, and what votes and measurement look like on the wall."""

    lesson: str
    step: Step
    votes: str
    measured: str


#: A training with a seed for everybody and two rounds, a mistake with its script, and a question of the Lab.
WORKSHOP = (
    Asked(*shipped("factor-of-two", "sum"), "rect.vote", "path.run"),
    Asked(*shipped("ten-mistakes", "weights-by-name"), ".bars .bar", ".stCode code"),
    Asked(*shipped("do-my-heads-fight", "two-arrows"), ".bars .bar", "svg"),
)


class Wall:
    """The board of a room."""

    def __init__(self, visit: Visit) -> None:
        self.page, self._shown = visit.page, 0

    def holds(self, name: str, *words: str, read: bool = True) -> None:
        """The wall shows these words, all of it is on the screen and readable, and nobody could press anything.

        Without `read` it differs from the screen before by a number alone, and axe does not read it again.
        """
        for each in words:
            expect(self.page.locator(".st-key-room-board").get_by_text(each).first).to_be_visible()
        fits_a_wall(self.page)
        if read:
            accessible(self.page)
        if folder := os.environ.get("SCREENS"):
            self._shown += 1
            self.page.screenshot(path=Path(folder, f"{self._shown:02}-{name}.png"))

    def has(self, selector: str) -> None:
        """The wall shows something that is drawn."""
        expect(self.page.locator(".st-key-room-board").locator(selector).first).to_be_visible(timeout=WORKER)

    def tells_no_answer(self) -> None:
        """The wall marks no option as right."""
        expect(self.page.locator(".option.right, g.right")).to_have_count(0)
        expect(self.page.locator(".st-key-room-board").get_by_text("✓")).to_have_count(0)


class Teacher:
    """Leads the room on a phone, by keyboard alone."""

    def __init__(self, visit: Visit) -> None:
        self.visit, self.page = visit, visit.page

    def opens_a_workshop(self, questions: tuple[Asked, ...]) -> None:
        """Choose the questions in this order, and open the room."""
        self.visit.open("/room")
        choose_workshop(self.page, *((asked.lesson, asked.step) for asked in questions))
        self.presses("Open a room")
        tab_to(self.page, "A", "Lead the room")
        with self.page.context.expect_page() as opened:
            self.page.keyboard.press("Enter")
        self.visit.page = self.page = self.visit.new_tab(opened.value)
        expect(self.page).to_have_url(re.compile("/room.host="))
        self.says("Waiting for people to join.")
        self.visit.stand()

    def presses(self, words: str) -> None:
        """Press the button with these words, as soon as it is there."""
        expect(self.page.get_by_role("button", name=words).filter(visible=True).first).to_be_visible()
        tab_to(self.page, "BUTTON", words)
        self.page.keyboard.press("Enter")

    def says(self, words: str) -> None:
        expect(self.page.get_by_role("status").filter(has_text=words)).to_be_visible()

    def leads(self, words: str, then: str) -> None:
        """Press Space, which presses the coloured button with these words, and wait for what the room does then."""
        lead = self.page.locator(".st-key-room-host-next").get_by_role("button")
        expect(lead.filter(has_text=words, visible=True)).to_have_count(1, timeout=WORKER)
        self.page.locator("h1").click()  # no button has the focus
        self.page.keyboard.press("Space")
        self.says(then)


def plain(markdown: str) -> str:
    """The first words of a Markdown text, as they stand on a page."""
    return re.sub(r"<[^>]+>", "", html_of(markdown)).strip()[:30]


@pytest.mark.soak  # `test_room.py` plays a workshop of two questions
@pytest.mark.takes("eight browsers play a workshop of three questions, and axe reads each screen of the wall")
def test_a_teacher_leads_a_workshop(visitor: Callable[..., Visit]) -> None:
    teacher = Teacher(visitor(**PHONE))
    teacher.opens_a_workshop(WORKSHOP)
    code = re.search(r"Code ([A-Z0-9]{6})", teacher.page.inner_text(".stMain"))
    assert code

    # The board needs four letters.
    tab_to(teacher.page, "SUMMARY", "Everything else")
    teacher.page.keyboard.press("Enter")
    teacher.presses("Make a code for the board")
    letters = teacher.page.locator("strong").filter(has_text=re.compile("^[A-Z]{4}$"))
    expect(letters).to_be_visible()
    four = letters.inner_text()
    tab_to(teacher.page, "SUMMARY", "Everything else")
    teacher.page.keyboard.press("Enter")
    wall = Wall(visitor(**BOARD))
    wall.page.goto(f"{teacher.visit.url}/board")
    expect(wall.page.get_by_role("textbox")).to_be_focused()
    wall.page.keyboard.type(four)
    wall.page.keyboard.press("Enter")
    wall.holds("lobby", code[1], "Nobody has joined yet")

    # One phone is slow, one reloads, one comes late, one is led by keys.
    keys, slow, reloads, *others = [Learner(visitor(**PHONE)) for _ in range(FEWEST)]
    network = slow.page.context.new_cdp_session(slow.page)
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", SLOW)
    early = [keys, slow, reloads, *others]
    for phone in early:
        phone.page.goto(f"{teacher.visit.url}/join/{code[1]}")
    for phone in early:
        phone.says("You are in.")
    wall.holds("joined", f"{len(early)} people have joined", read=False)
    late = Learner(visitor(**PHONE))

    everybody = early
    for position, asked in enumerate(WORKSHOP):
        step, count = asked.step, len(WORKSHOP)
        teacher.leads(
            "Begin" if position == 0 else "Next question", f"Question {position + 1} of {count}: answers are open"
        )
        options = [plain(option.text) for option in step.options]
        wall.holds(f"{step.id}-asked", step.title, f"0 of {len(everybody)} answered", *options)
        if step.block.page == "mistake":
            wall.has(".stCode code")
            wall.holds(f"{step.id}-script", plain(MISTAKES[step.block.show[0]].question))
        for i, phone in enumerate(everybody):
            (phone.answers_by_keys if phone is keys else phone.answers)(i % len(options))
        reloads.page.reload()
        reloads.says("Sent.")
        wall.holds(f"{step.id}-answered", f"{len(everybody)} of {len(everybody)} answered", read=False)
        teacher.leads("Freeze", "answers are frozen")
        wall.tells_no_answer()
        if position == 0:
            late.page.goto(f"{teacher.visit.url}/join/{code[1]}")
            late.says("Answers are frozen.")
            everybody = [*early, late]
            teacher.presses("Let them discuss")
            teacher.says("people discuss")
            wall.holds(f"{step.id}-discussion", "Discuss with a neighbour", *options)
            teacher.leads("Ask again", "answers are open, second round")
            for phone in everybody:
                phone.answers(step.right)
            teacher.leads("Freeze", "answers are frozen, second round")
            expect(teacher.page.get_by_text(f"{len(everybody)} of {len(everybody)} runs ready")).to_be_visible(
                timeout=WORKER
            )
        else:
            expect(teacher.page.get_by_text("the result is ready")).to_be_visible(timeout=WORKER)
        accessible(teacher.page, slow.page)
        fits_a_hand(teacher.page, 320, 390)

        teacher.presses("Reveal: the votes")
        teacher.says("the votes are shown")
        wall.has(asked.votes)
        wall.tells_no_answer()
        wall.holds(f"{step.id}-votes", step.title, *options)
        teacher.leads("Reveal: what was measured", "the measurement is shown")
        wall.has(asked.measured)
        wall.tells_no_answer()
        wall.holds(f"{step.id}-measured", step.title)
        teacher.leads("Reveal: the verdict", "the verdict is shown")
        wall.has(".option.right, g.right")
        wall.holds(f"{step.id}-verdict", step.title, options[step.right])
        for phone in everybody:
            phone.says("The result is here.")
        if position == 0:
            expect(late.page.get_by_text("✓ Right.")).to_be_visible()
        accessible(slow.page)
        fits_a_hand(slow.page, 320, 390)
        if step.why:
            teacher.leads("Show why", "the reason is shown")
            wall.holds(f"{step.id}-why", "Why", plain(step.why))
    teacher.leads("End the lesson", "The lesson is over")
    wall.holds("end", "The lesson is over. Thank you.")
    for phone in everybody:
        phone.says("The lesson is over.")
