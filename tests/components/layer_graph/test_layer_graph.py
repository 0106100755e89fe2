"""What is sent to the browser for a layer graph."""

from streamlit.testing.v1 import AppTest

from backend.network.layer_graph import LayerBox, LayerGraph

SHARED = LayerGraph(
    boxes=(
        LayerBox(name="first", kind="InputLayer", inputs=(), outputs=("(None, 16, 1)",)),
        LayerBox(name="second", kind="InputLayer", inputs=(), outputs=("(None, 16, 1)",)),
        LayerBox(name="lstm", kind="LSTM", inputs=("(None, 16, 1)",), outputs=("(None, 8)",)),
        LayerBox(name="both", kind="Split", inputs=("(None, 8)", "(None, 8)"), outputs=("(None, 4)", "(None, 4)")),
    ),
    arrows=((0, 2), (1, 2), (2, 3)),
)


def sent(**options):
    from components.layer_graph import data

    return data(SHARED, "A graph", **options)


def test_each_box_says_what_it_is_and_what_it_feeds():
    first, second, lstm, both = sent(group="g")["boxes"]
    assert (first["name"], first["kind"], first["shape"], first["input"]) == (
        "first",
        "InputLayer",
        "(None, 16, 1)",
        True,
    )
    assert second["feeds"] == "feeds lstm"
    assert (lstm["calls"], lstm["input"], lstm["feeds"]) == (2, False, "feeds both")
    assert (both["shape"], both["feeds"]) == ("2 × (None, 4)", "is an output")


def test_a_graph_is_drawn_by_our_own_renderer():
    def page(graph):
        from components import layer_graph

        layer_graph.show(graph, key="graph", alt="A graph", group="both")

    app = AppTest.from_function(page, kwargs={"graph": SHARED}).run()
    assert not app.exception
    assert len(app.get("bidi_component")) == 1
