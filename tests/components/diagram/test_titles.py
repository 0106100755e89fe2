"""The titles of the diagram, its neurons and its output layers."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, DenseLayer, Head
from backend.experiment.styles import STYLES
from backend.network.neurons import edges
from components.diagram.plan import Focus, plan_of
from components.diagram.titles import finding, neuron_title, output_layers, shape_words
from tests.builders.strategies import architectures, experiments
from tests.components.diagram.cases import crowded, deep

SEQUENTIAL, FUNCTIONAL = STYLES["sequential"], STYLES["functional"]
DEFAULT = Architecture()


@given(experiments(), st.data())
def test_the_title_of_a_neuron_counts_its_edges(experiment, data):
    picture, styles = plan_of(experiment.architecture), experiment.styles()
    focus = data.draw(st.sampled_from(picture.focusable))
    group = picture.groups[focus.group].group
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


@given(architectures())
def test_all_neurons_in_the_menu_have_different_titles(architecture):
    picture = plan_of(architecture)
    titles = [neuron_title(picture, focus) for focus in picture.focusable]
    assert len(set(titles)) == len(titles)


def test_the_titles_for_the_threads_network():
    picture = plan_of(DEFAULT)
    assert finding(picture, SEQUENTIAL, FUNCTIONAL) == "Sequential and Functional have the same 16 edges into the heads"
    assert finding(picture, SEQUENTIAL, FUNCTIONAL, Focus("level", 0)) == (
        "level reads all 8 neurons of the last shared layer: the same 8 edges in both styles"
    )
    assert finding(picture, SEQUENTIAL, FUNCTIONAL, Focus("dense", 2)) == (
        "Dense neuron 3 feeds every head: 2 edges in both styles"
    )


def test_a_head_with_hidden_layers_reads_through_them():
    picture = plan_of(deep())
    assert finding(picture, FUNCTIONAL, FUNCTIONAL, Focus("trend", 0)) == (
        "trend reads all 16 neurons of the last shared layer through its 16 and 4 hidden neurons: the same 324 edges "
        "on both sides"
    )
    assert finding(picture, FUNCTIONAL, FUNCTIONAL, Focus("dense", 0)) == (
        "Dense neuron 1 feeds every head: 27 edges on both sides"
    )
    assert finding(picture, FUNCTIONAL, FUNCTIONAL, Focus("waveform", 1)).startswith("waveform, unit 2 reads")


def test_a_single_edge_is_in_the_singular():
    one = Architecture(lstm=(1,), dense=(DenseLayer(units=1),), heads=(Head(name="level"),))
    assert (
        finding(plan_of(one), SEQUENTIAL, FUNCTIONAL) == "Sequential and Functional have the same 1 edge into the head"
    )
    assert finding(plan_of(one), SEQUENTIAL, FUNCTIONAL, Focus("level", 0)) == (
        "level reads the only neuron of the last shared layer: the same 1 edge in both styles"
    )
    assert "feeds the head: 1 edge in both styles" in finding(plan_of(one), SEQUENTIAL, FUNCTIONAL, Focus("dense", 0))


def test_folded_heads_are_counted():
    picture = plan_of(crowded())
    assert (len(picture.heads), picture.folded_heads) == (16, 48)
    units = sum(head.units for head in crowded().heads)
    assert finding(picture, SEQUENTIAL, FUNCTIONAL) == (
        f"Sequential and Functional have the same {256 * units:,} edges into the heads"
    )


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
    heads = (Head(name="level", label="same"), Head(name="trend", label="same"))
    picture = plan_of(Experiment(architecture=Architecture(heads=heads)).architecture)
    assert neuron_title(picture, Focus("level", 0)) == "same (level)"
    assert neuron_title(picture, Focus("trend", 0)) == "same (trend)"


@pytest.mark.parametrize(
    ("architecture", "style", "words"),
    [
        (DEFAULT, "sequential", "kernel (8, 2)"),
        (DEFAULT, "functional", "2 × kernel (8, 1)"),
        (deep(), "functional", "4 kernels: (16, 8), (16, 16), (16, 2), (16, 1)"),
        (crowded(), "sequential", "kernel (256, 127)"),
        (Architecture(heads=DEFAULT.heads[:1]), "functional", "kernel (8, 1)"),
    ],
)
def test_shapes_of_kernels_in_words(architecture, style, words):
    assert shape_words(architecture, STYLES[style]) == words
