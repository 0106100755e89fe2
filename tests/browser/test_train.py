"""Train: a run as its visitor sees it, from the click to the trained weights, and everything that may cut it short."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable

import psutil
import pytest
from playwright.sync_api import Locator, expect

from harness.local import until
from harness.server import Server
from tests.browser.live_region import HEARD, LISTEN
from tests.browser.visit import LONG, WORKER, Visit, download

pytestmark = pytest.mark.browser

TITLE = "Which one trains better?"
CANCELLED = re.compile(r"Cancelled\. The curves show the epochs before that\. \d of 2 seeds ended\.")
#: The epoch of the totals that are drawn during a run, once it is later than the one given. There are four of them, or
#: twelve with the bands of several seeds. Before the first epoch the page may still show a recorded run.
GROWN = """(before) => {
  const plot = document.querySelector(".st-key-curves-total:not([data-retained]) .js-plotly-plot")
  const drawn = plot?.querySelectorAll(".scatterlayer .trace path.js-line[d*=L]").length
  const titles = [...document.querySelectorAll("strong")].map((title) => title.textContent)
  const epoch = Number(/After epoch (\\d+)/.exec(titles)?.[1])
  const ours = document.querySelector("[role=progressbar]") && !document.body.textContent.includes("Recorded on ")
  return ours && (drawn === 4 || drawn === 12) && epoch > before ? epoch : null
}"""


#: The keys of what sticks on the page, whatever is drawn around it.
STICKY = """() => [...document.querySelectorAll("[data-testid=stMain] *")]
  .filter((node) => getComputedStyle(node).position === "sticky")
  .map((node) => node.querySelector("[class*=st-key-]")?.className.match(/st-key-[\\w-]+/)[0])"""


#: Records what the page says of a run, in each frame in which no script is running.
RECORD = """() => {
  window.said = []
  const look = () => {
    requestAnimationFrame(look)
    if (!document.querySelector("[data-test-script-state=notRunning]")) return
    const texts = (selector) => [...document.querySelectorAll(selector)].map((node) => node.textContent)
    const curves = document.querySelectorAll("[class*=st-key-curves-total] .main-svg .scatterlayer .trace")
    window.said.push({
      progress: texts("[data-testid=stProgress]").join(),
      answer: texts("strong").some((words) => words.startsWith("The answer follows")),
      epoch: /^After epoch (\\d+)/.exec(texts("strong").find((words) => words.startsWith("After epoch")))?.[1],
      player: Boolean(document.querySelector(".st-key-train-player")),
      drawn: curves.length > 0,
    })
  }
  look()
}"""


@pytest.mark.takes("a training of 20 epochs, and one of 100 until it is cancelled")
def test_during_a_run_nothing_older_plays_or_answers_and_progress_and_curves_are_of_one_epoch(
    visit: Visit,
) -> None:
    page = visit.open("/train")
    expect(page.get_by_role("button", name="Play again")).to_be_visible()  # of the recorded run
    visit.expect_traces("curves.total", 4)
    page.evaluate(RECORD)
    visit.train.click()
    visit.wait_for_finish()
    for label, value in (("Sequences", 4096), ("Epochs", 100)):
        visit.set_number(label, value)
    visit.expect_query(lambda query: "epochs=100" in query and "samples=4096" in query)
    before = page.evaluate("window.said.length")
    visit.train.click()
    # For a moment, there may be the bar of the draw before, too.
    bars = page.get_by_test_id("stMain").get_by_role("progressbar")
    expect(bars.and_(page.locator(":focus"))).to_have_count(1, timeout=WORKER)
    progressed = "(before) => window.said.slice(before).some(({ progress, epoch }) => progress && epoch > 2)"
    page.wait_for_function(progressed, arg=before, timeout=WORKER)
    visit.cancel.click()
    expect(page.get_by_text("Cancelled.")).to_be_visible(timeout=WORKER)
    expect(visit.train).to_be_focused()  # beside it

    said = page.evaluate("window.said")
    during = [each for each in said if each["progress"]]
    assert during
    assert all(each["answer"] and not each["player"] for each in during)
    grown = [each for each in during if each["epoch"] and not each["progress"].startswith("Cancelling")]
    assert grown
    assert {each["progress"].startswith(f"Epoch {each['epoch']} of") for each in grown} <= {True}
    assert all(each["drawn"] for each in said), "no chart is blank"


@pytest.mark.takes("two trainings of 20 epochs")
def test_a_run_shows_its_results_and_epochs_and_stays_visible_beside_the_next_run(visit: Visit) -> None:
    page = visit.open("/train")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)

    # A recorded run is there before any other, with the answer, so nothing is asked.
    visit.expect_traces("curves.total", 4)
    expect(page.get_by_text("In this run, there was no difference: in every epoch,")).to_be_in_viewport()
    expect(page.get_by_text("Recorded on ")).to_be_in_viewport()
    expect(visit.chart("curves.total").locator(".xaxislayer-above")).to_be_in_viewport()
    expect(page.get_by_test_id("stMetricValue").filter(has_text="2.00")).to_be_in_viewport()
    expect(page.locator("[data-testid=stBaseButton-primary]:visible")).to_have_count(1)
    question = page.get_by_role("radiogroup", name="Which total loss is lower?")
    expect(question).to_have_count(0)
    expect(page.get_by_text("Expected on this server: about")).to_be_visible()

    page.evaluate(LISTEN)
    visit.train.click()
    visit.wait_for_finish()
    expect(page.get_by_text("Recorded on ")).to_have_count(0)
    visit.expect_chart_title(
        re.compile(r"^At the end, after epoch 20, validation loss: Sequential [\d.e-]+, Functional [\d.e-]+$")
    )
    expect(page.get_by_text("Total validation loss, Functional ÷ Sequential")).to_be_visible()
    expect(page.get_by_text("for equal predictions, Functional ÷ Sequential = 2")).to_be_visible()
    for task, name in enumerate(("level", "trend")):
        visit.expect_traces(f"curves.task.{task}", 4)
        expect(page.get_by_role("img", name=re.compile(rf"^{name}: a scatter .* R² Sequential 0\.\d"))).to_be_visible()
    expect(visit.cancel).to_be_disabled()
    answer = page.locator(".st-key-train-answer strong").first
    page.wait_for_function(HEARD, arg=answer.inner_text())

    # What is taken home arrives whole.
    page.get_by_role("button", name="Export").click()
    script = download(visit, "Script (Python)")
    assert script.name == "sequential-vs-functional.py"
    assert f"Open the experiment in Two Heads: {visit.url}/train" in script.read_text()
    compile(script.read_text(), script.name, "exec")
    rows = download(visit, "Curves (CSV)").read_text().splitlines()
    assert len(rows) == 1 + 20 * 2 * 2 * 3, "epochs × sides × splits × (total and two heads)"
    with zipfile.ZipFile(download(visit, "Trained Functional, .keras")) as model:
        assert {"config.json", "metadata.json", "model.weights.h5"} <= set(model.namelist())
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Script (Python)")).to_have_count(0)

    finding = page.get_by_role("heading", name=re.compile("have the same 16 edges into the heads"))
    expect(finding).to_have_text(re.compile("^After epoch 20: "))
    page.get_by_role("slider", name="Epoch").press("Home")
    expect(finding).to_have_text(re.compile("^Before training: "))
    visit.expect_query("epoch=0")
    expect(visit.diagram).to_have_count(2)

    # The next run is drawn beside it until the earlier one is cleared.
    visit.expect_traces("curves.total", 4)
    visit.set_number("Learning rate", 0.01)
    expect(page.get_by_text("Result of Adam 0.003", exact=True)).to_be_visible()
    visit.stand()
    assert page.evaluate(STICKY) == ["st-key-train-bar"], "React gives an element that is gone to another one"
    expect(lines(visit)).to_have_css("opacity", "0.35")
    question.get_by_text("Functional").click()  # there is no result of these settings
    expect(page.get_by_text("Train to see whether you are right.")).to_be_visible()
    visit.train.click()
    visit.expect_traces("curves.total", 6, WORKER)
    visit.wait_for_finish()
    expect(page.get_by_text("✗ Not right. Sequential has the lower total validation loss: ")).to_be_visible()
    expect(lines(visit)).to_have_css("opacity", "1")
    page.get_by_role("button", name="Clear the earlier run").click()
    visit.expect_traces("curves.total", 4)


#: Marks the first diagram while the page says "Weights so far", and keeps the thicknesses of its edges. Keeps what else
#: it saw, for the report of a failure. It looks five times a second: more often, it would slow down the page.
WATCH = """() => {
  window.thicknesses = new Set()
  window.seen = []
  const look = () => {
    const shadows = [...document.querySelectorAll("*")].flatMap((node) => node.shadowRoot ?? [])
    const diagrams = shadows.flatMap((shadow) => [...shadow.querySelectorAll("section.diagram")])
    const titles = [...document.querySelectorAll("h2")].map((title) => title.textContent)
    const progress = document.querySelector("[data-testid=stProgress]")?.textContent
    const now = JSON.stringify([progress, diagrams.length, titles.filter((title) => /eights/.test(title))])
    if (window.seen.at(-1) !== now) window.seen.push(now)
    if (!diagrams.length || !titles.includes("Weights so far")) return
    if (!window.thicknesses.size) diagrams[0].marked = true
    const edges = [...diagrams[0].querySelectorAll(".edge")].map((edge) => edge.getAttribute("stroke-width"))
    if (edges.length) window.thicknesses.add(edges.join())
  }
  setInterval(look, 200)
}"""


@pytest.mark.takes("a run of 100 epochs is watched to its end")
def test_the_weights_move_while_a_run_trains_and_the_diagram_stays_when_it_ends(
    visit: Visit, wait_for_idle_worker: Callable[[], None]
) -> None:
    # No weights are shown while a job waits, and a long run of an earlier test would wait for this one.
    wait_for_idle_worker()
    page = visit.open("/train?timesteps=4&lstm=4&samples=4000&batch=16&epochs=100")
    page.evaluate(WATCH)
    visit.train.click()
    visit.wait_for_finish()
    assert page.evaluate("window.thicknesses.size") > 1, "\n".join(page.evaluate("window.seen"))
    diagram = page.locator("section.diagram")
    expect(diagram).to_have_count(1)
    expect(page.get_by_role("heading", name=re.compile("^After epoch 100: "))).to_be_attached()
    assert diagram.evaluate("node => node.marked === true"), "the diagram of the run that trained"
    expect(page.get_by_role("heading", name="Trained weights by epoch")).to_be_attached()
    page.get_by_role("slider", name="Epoch").press("Home")  # the player moves the same diagram
    expect(page.get_by_role("heading", name=re.compile("^Before training: "))).to_be_attached()


@pytest.mark.soak
@pytest.mark.takes("one long run is followed over a refresh, another page and another tab")
def test_a_long_run_grows_survives_a_refresh_and_is_cancelled_in_another_tab(visit: Visit) -> None:
    """That nobody else sees or cancels it is tested without a browser."""
    page = visit.open(LONG)
    visit.train.click()
    # Both totals of both styles, in training and validation, while the bar is there; and then more of them.
    seen = 0
    for _ in range(2):
        seen = page.wait_for_function(GROWN, arg=seen, timeout=WORKER).json_value()

    # A refresh and the way back find it again.
    page.reload()
    visit.stand()
    visit.wait_for_epochs()
    visit.go_to("Compare")
    visit.go_back_to("Train")
    visit.wait_for_epochs()

    # Another tab of its visitor shows that it runs and, with settings of its own, can cancel it; what ran before stays.
    other = visit.new_tab()
    other.goto(f"{visit.url}/own")
    expect(other.get_by_role("link", name=re.compile(r"^Training (\d+ %|· place)"))).to_be_visible()
    other.goto(f"{visit.url}/train?timesteps=4&lstm=4&samples=64&epochs=2")
    cancel = other.get_by_role("button", name="Cancel", exact=True)
    expect(cancel).to_be_enabled()
    cancel.click()
    for tab in (page, other):
        expect(tab.get_by_text(CANCELLED)).to_be_visible()
    expect(visit.train).to_be_enabled()
    expect(visit.cancel).to_be_disabled()
    # Four, or with their bands twelve, once the second seed has begun.
    expect(visit.chart("curves.total").locator(".scatterlayer .trace")).not_to_have_count(0)

    # The tabs share no settings, and a run of one does not replace what the other shows.
    other.get_by_role("button", name="Train", exact=True).click()
    expect(other.get_by_text(re.compile(r"built in .* trained in"))).to_be_visible(timeout=WORKER)
    visit.expect_query(lambda query: "epochs=60" in query)
    visit.go_to("Compare")
    visit.go_to("Train")
    expect(page.get_by_text(CANCELLED)).to_be_visible()


@pytest.mark.soak  # `tests/backend/jobs` kills workers, and the tests of the page show what is said of a lost job
@pytest.mark.takes("a worker is killed and its replacement loads Keras: 26 s on two busy cores")
def test_a_killed_worker_is_reported_and_the_next_run_works(visit: Visit, server: Server) -> None:
    page = visit.open(LONG)
    visit.train.click()
    visit.wait_for_epochs()
    busiest(server).kill()
    expect(page.get_by_text("The server lost the worker process that ran this job. Run it again.")).to_be_visible()
    # Each while the page is still being drawn for the one before.
    for label, value in (("Sequences", 64), ("Number of seeds", 1), ("Epochs", 2)):
        visit.set_number(label, value)
    visit.expect_query(lambda query: "epochs=2" in query and "samples=64" in query and "seeds" not in query)
    visit.train.click()
    visit.wait_for_finish()


def lines(visit: Visit) -> Locator:
    """The lines of the chart of the totals."""
    return visit.chart("curves.total").locator(".scatterlayer").first


def busiest(server: Server) -> psutil.Process:
    """The worker process that is computing, once no other one loads Keras."""

    found: list[psutil.Process] = []

    def one_is_ahead() -> bool:
        before = {worker: worker.cpu_times().user for worker in server.family()[1:]}
        until(lambda: any(worker.cpu_times().user > seconds + 0.5 for worker, seconds in before.items()), "a busy one")
        found[:] = [worker for worker, seconds in before.items() if worker.cpu_times().user > seconds + 0.1]
        return len(found) == 1

    until(one_is_ahead, "one busy worker")
    return found[0]
