"""The report of a room in Chromium: it draws every picture, prints every question, and its homework is answered."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.sync_api import Page, expect

from harness.host import Host
from harness.local import until
from harness.phone import AGAIN, Phone
from harness.server import Server
from harness.tab import PATIENCE
from tests.browser.axe import faults
from tests.browser.contexts import Contexts
from tests.browser.hosting import played
from tests.browser.pdf import text_of
from tests.browser.visit import TRAINED, Visit

pytestmark = pytest.mark.browser

LESSON, PEOPLE, KEPT = "Where did the factor of two come from?", 6, "half a year"
#: The kinds of the pictures, and how many of them have drawn something.
DRAWN = """() => [...document.querySelectorAll("[data-picture]")].map((place) =>
  [place.dataset.kind, place.querySelector(".drawn").shadowRoot.querySelectorAll("svg *, .bar").length > 0])"""
SIDEWAYS = "() => document.documentElement.scrollWidth - innerWidth"
PAPER = "() => getComputedStyle(document.body).backgroundColor"


async def teach(host: Host) -> None:
    """Open a room and show the results of its first two questions. Its report is kept, with a homework."""
    await host.open_room(LESSON)
    phones = [Phone(host.address) for _ in range(PEOPLE)]
    for phone in phones:
        await phone.join(host.code)
    await host.advance("Begin")
    for question in range(2):
        for round in range(2 - question):
            for each, phone in enumerate(phones):
                asked = (question, round + 1)
                await phone.until(lambda p=phone, a=asked: (p.page["question"] or {}).get("round") == a[1])
                while not await phone.answer((each + round) % 3, "certain" if question == round == 0 else ""):
                    await asyncio.sleep(AGAIN)
            await host.advance("Freeze")
            if not question and not round:
                await host.advance("Let them discuss")
                await host.advance("Ask again")
        ready = f"{PEOPLE} of {PEOPLE} runs ready", "the run is ready"
        await host.until(lambda r=ready: any(words in text for words in r for text in host.texts), TRAINED / 1000)
        for label in ("Reveal", "Reveal: what", "Reveal: the verdict"):
            await host.advance(label)
        if not question:
            await host.advance("Show why")
            await host.advance("Next question")
            for phone in phones:
                await phone.until(lambda p=phone: (p.page["question"] or {}).get("step") == 1)
    await host.expand("room.more")
    await host.choose(f"room.report.period.{host.id}", KEPT)
    await host.advance("Keep the report")
    await host.advance("Make a homework link")
    await host.until(lambda: any("Only the first prediction" in text for text in host.texts), PATIENCE)
    for phone in phones:
        await phone.close()
    await host.close()


@pytest.mark.takes("a class answers two questions, and a network is trained for each of them")
def test_the_host_reads_and_prints_the_report_and_a_learner_answers_the_homework(
    training_server: Server, contexts: Contexts
) -> None:
    host = Host(training_server.address)
    played(teach(host))
    with (
        Visit(contexts, training_server.address, color_scheme="dark") as visit,
        Visit(contexts, training_server.address) as learner,
    ):
        visit.context.add_cookies([{"name": k, "value": v, "url": visit.url} for k, v in host.cookies.items()])
        visit.page.goto(f"{visit.url}/report/room/{host.id}")
        is_read_and_printed(visit.page)
        visit.page.set_viewport_size({"width": 1440, "height": 900})
        homework, kept = links(visit, host)
        is_answered(learner, homework, kept)


def is_read_and_printed(page: Page) -> None:
    questions = [title.partition(". ")[2] for title in page.locator(".question h2").all_inner_texts()]
    assert questions == ["Two total losses", "Which one predicts better?"]
    drawn = page.evaluate(DRAWN)
    assert all(some for _, some in drawn)
    assert {kind for kind, _ in drawn} == {"votes", "runs", "axis", "picture"}
    assert f"{PEOPLE} people answered both rounds" in page.inner_text("main")
    assert not faults(page)
    for format in ("A4", "Letter"):
        text = text_of(page.pdf(format=format))
        for words in (*questions, "Normalized gain", "Verdict"):
            assert words in text, format
        assert "Print or save" not in text
    page.emulate_media(media="print")
    assert page.evaluate(PAPER) == "rgb(255, 255, 255)"
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate(SIDEWAYS) <= 0


def links(visit: Visit, host: Host) -> tuple[str, str]:
    """The links of the homework and of the report that is kept."""
    page = visit.open(f"/room?host={host.id}")
    page.get_by_text("Everything else").click()
    page.get_by_text("Only the first prediction").wait_for()
    homework, kept = page.locator(".st-key-room-homework-link input"), page.locator(".st-key-room-report-link input")
    expect(homework).to_have_value(re.compile("homework="))
    expect(kept).to_have_value(re.compile("/report/kept/"))
    return homework.input_value(), kept.input_value()


def is_answered(learner: Visit, homework: str, kept: str) -> None:
    learner.open(homework.replace(learner.url, ""))
    expect(learner.page.get_by_text("Homework until")).to_be_visible()
    expect(learner.page.get_by_text("Step 1 of 2")).to_be_visible()
    twice = learner.page.locator(".st-key-learn-ask").get_by_role("radio", name=re.compile("About twice"))
    twice.press("Space")
    learner.page.get_by_role("button", name="Submit my prediction").click()
    expect(
        learner.page.get_by_text("Prediction submitted").or_(learner.page.get_by_text("The result is here")).first
    ).to_be_visible()

    def is_counted() -> bool:
        learner.page.goto(kept)
        return "1 browser answered this question, too few" in learner.page.inner_text("main")

    until(is_counted, "the answer is stored soon after the page has taken it")
    learner.page.get_by_role("button", name="Delete this report").click()
    expect(learner.page.get_by_text("The report is deleted")).to_be_visible()
