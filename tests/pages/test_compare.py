"""Compare, by AppTest through the shell."""

from functools import partial

import pytest

from tests.builders.pages import drawn, graphs, run, texts, until, visit

pytestmark = pytest.mark.usefixtures("recorded")
compare = partial(visit, "compare.py")


def answer(at):
    """The lines of the answer."""
    return ["".join(part["text"] for part in line) for line in drawn(at, "answer")[0]["lines"]]


def settled(at):
    """Rerun until Keras has answered for both columns."""
    return until(at, lambda at: any(text.count("Keras counts") == 2 for text in texts(at)))


def test_both_columns_count_and_keras_agrees():
    at = settled(compare())
    check = ":green[✓ Keras counts 4,762 parameters]"
    assert f"Sequential {check} · Functional {check}" in texts(at)
    assert answer(at)[0] == "Yes, the same network: 4,762 parameters and the same 16 connections into the heads."


def test_a_part_of_the_answer_leads_to_the_place_that_shows_it():
    at = compare()
    lines = drawn(at, "answer")[0]["lines"]
    links = [part for line in lines for part in line if "place" in part]
    assert [link["place"] for link in links] == [
        *("parameters", "diagram", "shapes", "train", "initial_weights", "speed"),
        *("optimizers", "advisor"),
    ]
    at.query_params["lstm"] = "5"
    run(at)
    scale = next(part for part in drawn(at, "answer")[0]["lines"][1] if part.get("place") == "train")
    assert (scale["href"], scale["anchor"]) == ("./train?lstm=5", "")


def test_a_widget_changes_architecture_link_and_count():
    at = compare()
    at.number_input(key="architecture.lstm.0").set_value(16).run()
    assert at.query_params["lstm"] == "16"
    lstm, dense, heads = 4 * 16 * (2 + 16 + 1), 8 * 17, 2 * 9
    assert f"{lstm + dense + heads:,} parameters" in answer(at)[0]
    at.number_input(key="architecture.heads.count").set_value(3).run()
    assert at.query_params["head"] == ["level", "trend", "last"]
    at.selectbox(key="preset").set_value("The thread's network").run()
    assert "lstm" not in at.query_params
    assert "head" not in at.query_params


def test_an_unavailable_style_is_named_and_replaced():
    at = settled(compare(head=["trend", "spike"], right="subclassing"))
    assert answer(at)[0].startswith("No: ")
    assert "Sequential" in answer(at)[1]


@pytest.mark.parametrize("view", ["graph", "summary", "parameters"])
def test_the_switch_moves_both_sides(view):
    at = settled(compare())
    run(at.segmented_control(key="compare.view").set_value(view))
    shown = {
        "graph": lambda: graphs(at),
        "summary": lambda: sum("Total params: 4,762" in each["source"] for each in drawn(at, "code")),
        "parameters": lambda: sum("4 × 32 × (2 + 32 + 1) = 4,480" in str(table.value) for table in at.table),
    }
    assert shown[view]() == 2
