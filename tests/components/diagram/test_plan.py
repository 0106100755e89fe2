"""What the diagram draws, folds and highlights."""

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.experiment.architecture import Architecture
from backend.experiment.styles import STYLES
from backend.network.neurons import edges, groups, head_edges
from components.diagram.plan import OUTPUTS, Focus, drawn_of_all, plan
from components.diagram.titles import finding, neuron_title
from tests.strategies import architectures, experiments

SEQUENTIAL, FUNCTIONAL = STYLES["sequential"], STYLES["functional"]
DEFAULT = Architecture()


@settings(max_examples=40)
@given(experiments())
def test_every_edge_is_drawn_or_folded_and_the_title_counts_them_all(experiment):
    architecture, styles = experiment.architecture, experiment.styles()
    picture = plan(architecture)
    units = {group.name: group.units for group in groups(architecture)}
    for style in styles:
        drawn = folded = 0
        for block in edges(architecture, style):
            rows, columns = picture.size(block) if block in picture.blocks(style) else (0, 0)
            drawn += rows * columns
            folded += units[block.source] * units[block.target] - rows * columns
        assert drawn_of_all(picture, style) == (drawn, drawn + folded)
    left, right = (head_edges(architecture, style) for style in styles)
    assert left == right
    assert f" have the same {left:,} edge" in finding(picture, *styles)


@settings(max_examples=40)
@given(architectures())
def test_a_diagram_stays_small_and_says_what_it_leaves_out(architecture):
    picture = plan(architecture)
    for depth in range(picture.columns):
        shown, units = picture.shown_at(depth), picture.units_at(depth)
        assert 1 <= shown <= units
        assert shown <= OUTPUTS
    assert len(picture.heads) + picture.folded_heads == len(architecture.heads)


@settings(max_examples=40)
@given(architectures(), st.data())
def test_an_output_highlights_its_path_from_the_shared_layer_and_nothing_else(architecture, data):
    picture = plan(architecture)
    head = data.draw(st.sampled_from(picture.heads))
    focus = Focus(head.name, data.draw(st.integers(0, picture.drawn[head.name].shown - 1)))
    for style in (FUNCTIONAL, STYLES["subclassing"]):
        for block in picture.blocks(style):
            highlighted = picture.highlighted(block, focus)
            if block.target == head.name:
                assert highlighted[:, focus.index].all()
                assert highlighted.sum() == highlighted.shape[0]
            elif block.head == head.name:
                assert highlighted.all()
            else:
                assert not highlighted.any()


@settings(max_examples=40)
@given(architectures(), st.data())
def test_a_shared_neuron_highlights_one_row_of_each_head(architecture, data):
    picture = plan(architecture)
    shared = picture.shared
    focus = Focus(shared.group.name, data.draw(st.integers(0, shared.shown - 1)))
    reached = set()
    for block in picture.blocks(FUNCTIONAL):
        highlighted = picture.highlighted(block, focus)
        if block.head and block.source == shared.group.name:
            assert highlighted[focus.index].all()
            assert highlighted.sum() == highlighted.shape[1]
            reached.add(block.head)
        else:
            assert not highlighted.any()
    assert reached == {head.name for head in picture.heads}


def test_without_dense_layers_the_heads_read_the_lstm():
    picture = plan(Architecture(lstm=(5, 3), dense=()))
    assert picture.shared.group.name == "lstm_1"
    assert neuron_title(picture, Focus("lstm_1", 1)) == "LSTM unit 2"
