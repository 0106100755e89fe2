"""The titles of the diagram, its neurons and its output layers."""

import re

from hypothesis import given
from hypothesis import strategies as st

from backend.network.neurons import edges
from components.diagram.plan import plan_of
from components.diagram.titles import finding, neuron_title
from tests.builders.strategies import architectures, experiments


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
