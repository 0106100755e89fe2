"""The value that the browser draws: every edge, neuron and note of the arithmetic, and no more bytes than they need."""

import json
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.experiment.architecture import Architecture
from backend.experiment.styles import STYLES, why_not_fused
from backend.network.neurons import edges, groups
from components.diagram.network import neurons, picture
from components.diagram.picture import OUTPUTS
from components.diagram.picture import edges as drawn_edges
from tests.builders.diagrams import HOSTILE, deep
from tests.builders.strategies import architectures, experiments

DEFAULT = Architecture()


def of(architecture, left="sequential", right="functional"):
    return picture(architecture, STYLES[left], STYLES[right])


@given(experiments())
def test_every_edge_is_drawn_or_counted_in_words(experiment):
    found = picture(experiment.architecture, *experiment.styles())
    shown = sum(found.groups[each.source].count * each.count for each in found.groups if each.source is not None)
    for style in experiment.styles():
        total = sum(block.count for block in edges(experiment.architecture, style))
        assert drawn_edges(neurons(experiment.architecture)) == (shown, total)
        blocks = {block.key for block in edges(experiment.architecture, style)}
        for each in found.groups:
            assert each.source is None or f"{found.groups[each.source].name}→{each.name}" in blocks
    assert (f"{shown:,} of {total:,} edges are drawn." in found.legend) == (shown < total)


@given(architectures())
def test_a_diagram_stays_small_and_says_what_it_leaves_out(architecture):
    found = of(architecture)
    for depth, column in enumerate(found.columns):
        shown = sum(group.count for group in found.groups if group.column == depth)
        units = sum(group.units for group in groups(architecture) if group.depth == depth)
        assert column.title.endswith(f" · {units:,}")
        assert 1 <= shown <= OUTPUTS
        assert (f"… {units - shown:,} more" in column.notes) == (shown < units)


@given(architectures())
def test_neurons_of_a_column_do_not_touch(architecture):
    columns = {}
    for group in of(architecture).groups:
        ys = group.y - group.step * np.arange(group.count)
        assert ((ys > 0) & (ys < 1)).all()
        columns.setdefault(group.x, []).extend(ys)
    for ys in columns.values():
        assert len(ys) == 1 or np.diff(sorted(ys)).min() > 0.025


@given(experiments())
def test_the_finding_on_a_neuron_counts_its_edges(experiment):
    found = picture(experiment.architecture, *experiment.styles())
    blocks = edges(experiment.architecture, experiment.styles()[0])
    units = {group.name: group.units for group in groups(experiment.architecture)}
    for group in found.groups:
        if group.head is None:
            count = sum(each.count // units[group.name] for each in blocks if each.source == group.name and each.head)
        else:
            chain = [each for each in blocks if each.head == group.name]
            count = sum(each.count for each in chain[:-1]) + chain[-1].count // units[group.name] if chain else 0
        assert len(group.findings) in (0, group.count)
        for sentence in group.findings:
            (number,) = re.findall(r": ([\d,]+) edges? on both sides", sentence)
            assert int(number.replace(",", "")) == count
    sentences = [sentence for group in found.groups for sentence in group.findings]
    assert len(set(sentences)) == len(sentences) >= len(found.heads) + 1


def test_the_threads_network_needs_few_bytes():
    assert len(json.dumps(of(DEFAULT).model_dump())) < 4_000


@given(st.text(max_size=60) | st.just(HOSTILE))
def test_a_label_is_one_line_of_text(label):
    found = of(deep(label), "functional")
    for words in (found.heads[0].title, found.groups[-1].title, *(group.title for group in found.groups)):
        assert words
        assert words == " ".join(words.split())
        assert "\u202e" not in words


@pytest.mark.parametrize(
    ("left", "right", "side"),
    [("sequential", "functional", 0), ("functional", "sequential", 1), ("subclassing", "functional_fused", 1)],
)
def test_the_box_of_the_fused_style_comes_apart(left, right, side):
    found = of(DEFAULT, left, right).morph
    assert found.side == side
    title = STYLES[(left, right)[side]].title
    assert found.before == f"Pull {title}'s box apart and watch the 16 lines."
    assert found.after == "4,762 parameters, 16 edges: no line moves."
    assert (found.layers, found.kernel) == ("drawn as two Dense(1)", "2 × kernel (8, 1)")


@given(experiments())
def test_there_is_a_morph_exactly_where_one_side_alone_is_fused(experiment):
    left, right = experiment.styles()
    found = picture(experiment.architecture, left, right).morph
    several = len(experiment.architecture.heads) > 1 and why_not_fused(experiment.architecture) is None
    apart = (left.outputs == "fused") != (right.outputs == "fused")
    assert (found.side is not None) == (several and apart)
    if found.side is not None:
        assert (left, right)[found.side].outputs == "fused"
