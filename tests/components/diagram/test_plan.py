import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, DenseLayer, Head
from backend.experiment.styles import STYLES
from backend.network.neurons import edges, groups, head_edges
from components.diagram.plan import OUTPUTS, Focus, drawn_of_all, finding, neuron_title, output_layers, plan
from tests.components.diagram.cases import crowded, deep
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


@settings(max_examples=40)
@given(experiments(), st.data())
def test_the_title_of_a_neuron_counts_its_edges(experiment, data):
    picture, styles = plan(experiment.architecture), experiment.styles()
    focus = data.draw(st.sampled_from(picture.focusable))
    group = picture.drawn[focus.group].group
    sentence = finding(picture, *styles, focus)
    for style in styles:
        blocks = edges(experiment.architecture, style)
        if group.head is None:
            count = sum(b.count // group.units for b in blocks if b.source == group.name)
        else:
            chain = [b for b in blocks if b.head == group.head]
            count = sum(b.count for b in chain[:-1]) + chain[-1].count // group.units
        numbers = {int(n.replace(",", "")) for n in re.findall(r"[\d,]*\d", sentence.rsplit(":", 1)[-1])}
        assert count in numbers


@settings(max_examples=40)
@given(architectures())
def test_all_neurons_in_the_menu_have_different_titles(architecture):
    picture = plan(architecture)
    titles = [neuron_title(picture, focus) for focus in picture.focusable]
    assert len(set(titles)) == len(titles)


def test_the_titles_for_the_threads_network():
    picture = plan(DEFAULT)
    assert finding(picture, SEQUENTIAL, FUNCTIONAL) == "Sequential and Functional have the same 16 edges into the heads"
    assert finding(picture, SEQUENTIAL, FUNCTIONAL, Focus("mean", 0)) == (
        "mean reads all 8 neurons of the last shared layer: the same 8 edges in both styles"
    )
    assert finding(picture, SEQUENTIAL, FUNCTIONAL, Focus("dense", 2)) == (
        "Dense neuron 3 feeds every head: 2 edges in both styles"
    )


def test_a_head_with_hidden_layers_reads_through_them():
    picture = plan(deep())
    assert finding(picture, FUNCTIONAL, FUNCTIONAL, Focus("trend", 0)) == (
        "trend reads all 16 neurons of the last shared layer through its 16 and 4 hidden neurons: the same 324 edges "
        "on both sides"
    )
    assert finding(picture, FUNCTIONAL, FUNCTIONAL, Focus("dense", 0)) == (
        "Dense neuron 1 feeds every head: 27 edges on both sides"
    )
    assert finding(picture, FUNCTIONAL, FUNCTIONAL, Focus("waveform", 1)).startswith("waveform, unit 2 reads")


def test_a_single_edge_is_in_the_singular():
    one = Architecture(lstm=(1,), dense=(DenseLayer(units=1),), heads=(Head(name="mean"),))
    assert finding(plan(one), SEQUENTIAL, FUNCTIONAL) == "Sequential and Functional have the same 1 edge into the head"
    assert finding(plan(one), SEQUENTIAL, FUNCTIONAL, Focus("mean", 0)) == (
        "mean reads the only neuron of the last shared layer: the same 1 edge in both styles"
    )
    assert "feeds the head: 1 edge in both styles" in finding(plan(one), SEQUENTIAL, FUNCTIONAL, Focus("dense", 0))


def test_folded_heads_are_counted():
    picture = plan(crowded())
    assert (len(picture.heads), picture.folded_heads) == (16, 48)
    units = sum(head.units for head in crowded().heads)
    assert finding(picture, SEQUENTIAL, FUNCTIONAL) == (
        f"Sequential and Functional have the same {256 * units:,} edges into the heads"
    )


def test_without_dense_layers_the_heads_read_the_lstm():
    picture = plan(Architecture(lstm=(5, 3), dense=()))
    assert picture.shared.group.name == "lstm_1"
    assert neuron_title(picture, Focus("lstm_1", 1)) == "LSTM unit 2"


@pytest.mark.parametrize(
    ("architecture", "style", "words"),
    [
        (DEFAULT, "sequential", "one Dense(2)"),
        (DEFAULT, "functional", "two Dense(1)"),
        (deep(), "functional", "four output layers"),
        (crowded().model_copy(update={"heads": crowded().heads[::3]}), "functional", "22 × Dense(1)"),
    ],
)
def test_output_layers_in_words(architecture, style, words):
    assert output_layers(architecture, STYLES[style]) == words


def test_two_heads_with_one_label_have_two_names():
    heads = (Head(name="mean", label="same"), Head(name="trend", label="same"))
    picture = plan(Experiment(architecture=Architecture(heads=heads)).architecture)
    assert neuron_title(picture, Focus("mean", 0)) == "same (mean)"
    assert neuron_title(picture, Focus("trend", 0)) == "same (trend)"
