"""Compare, by AppTest through the shell."""

from functools import partial

import pytest

from tests.builders.pages import drawn, graphs, run, says, texts, until, visit

pytestmark = pytest.mark.usefixtures("recorded")
compare = partial(visit, "compare.py")


def verdict(at):
    """The answer itself."""
    return at.header[0].value


def settled(at):
    """Rerun until Keras has answered for both columns."""
    return until(at, lambda at: any(text.count("Keras counts") == 2 for text in texts(at)))


def test_both_columns_count_and_keras_agrees():
    at = settled(compare())
    check = ":green[✓ Keras counts 4,762 parameters]"
    assert f"Sequential {check} · Functional {check}" in texts(at)
    assert verdict(at) == "Yes, the same network: both sides have 4,762 parameters."


def test_a_widget_changes_architecture_link_and_count():
    at = compare()
    at.number_input(key="architecture.lstm.0").set_value(16).run()
    assert at.query_params["lstm"] == "16"
    lstm, dense, heads = 4 * 16 * (2 + 16 + 1), 8 * 17, 2 * 9
    assert f"{lstm + dense + heads:,} parameters" in verdict(at)
    at.number_input(key="architecture.heads.count").set_value(3).run()
    assert at.query_params["head"] == ["level", "trend", "last"]
    at.selectbox(key="preset").set_value("The thread's network").run()
    assert "lstm" not in at.query_params
    assert "head" not in at.query_params


def test_an_unavailable_style_is_named_and_replaced():
    at = settled(compare(head=["trend", "spike"], right="subclassing"))
    assert verdict(at).startswith("No: ")
    assert says(at, "Functional is shown and trained in its place.")


@pytest.mark.parametrize("view", ["code", "graph", "summary", "parameters"])
def test_the_switch_moves_both_sides(view):
    at = settled(compare())
    assert not drawn(at, "code"), "at rest, no code is drawn"
    run(at.segmented_control(key="compare.view").set_value(view))
    shown = {
        "code": lambda: sum("layers.LSTM(32, unroll=True)" in each["source"] for each in drawn(at, "code")),
        "graph": lambda: graphs(at),
        "summary": lambda: sum("Total params: 4,762" in each["source"] for each in drawn(at, "code")),
        "parameters": lambda: sum("4 × 32 × (2 + 32 + 1) = 4,480" in str(table.value) for table in at.table),
    }
    assert shown[view]() == 2


def test_only_the_output_layers_are_marked_in_the_code():
    at = compare(view="code")
    marked = [[line["tokens"] for line in side["lines"] if line["differs"]] for side in drawn(at, "code")]
    texts = [["".join(text for _, text in line).strip() for line in side] for side in marked]
    assert texts == [
        ["layers.Dense(2),"],
        ['level = layers.Dense(1, name="level")(x)', 'trend = layers.Dense(1, name="trend")(x)'],
    ]
