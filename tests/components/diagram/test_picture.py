"""The value that the browser draws: every edge, neuron and note of the arithmetic, and no more bytes than they need."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.experiment.architecture import Architecture
from backend.experiment.styles import STYLES
from components.diagram.picture import entry, picture
from components.diagram.places import positions
from components.diagram.plan import drawn_of_all, plan_of
from tests.builders.diagrams import HOSTILE, deep
from tests.builders.strategies import architectures, experiments

SEQUENTIAL, FUNCTIONAL = STYLES["sequential"], STYLES["functional"]
DEFAULT = Architecture()


def of(architecture, left=SEQUENTIAL, right=FUNCTIONAL):
    return picture(architecture, left, right)


@given(experiments())
def test_blocks_have_as_many_edges_as_are_drawn(experiment):
    found, drawn = picture(experiment.architecture, *experiment.styles()), plan_of(experiment.architecture)
    edges = sum(found.groups[source].count * found.groups[target].count for source, target in found.blocks)
    for style in experiment.styles():
        assert edges == drawn_of_all(drawn, style)[0]
    for source, target in found.blocks:
        assert found.groups[source].column < found.groups[target].column


@given(experiments())
def test_groups_and_columns_count_every_neuron(experiment):
    found = picture(experiment.architecture, *experiment.styles())
    places = positions(experiment.architecture)
    for group in found.groups:
        x, ys, _ = places[group.name]
        assert group.x == pytest.approx(x, abs=1e-4)
        np.testing.assert_allclose(group.y - group.step * np.arange(group.count), ys, atol=2e-3)
    architecture = experiment.architecture
    counts = [int(column.count.replace(",", "")) for column in found.columns]
    trunk = [architecture.features, *architecture.lstm, *(layer.units for layer in architecture.dense)]
    assert counts[: len(trunk)] == trunk
    assert counts[-1] == architecture.output_units


@given(architectures())
def test_neurons_of_a_column_do_not_touch(architecture):
    columns = {}
    for x, ys, _ in positions(architecture).values():
        assert ((ys > 0) & (ys < 1)).all()
        columns.setdefault(round(x, 6), []).extend(ys)
    for ys in columns.values():
        assert len(ys) == 1 or np.diff(sorted(ys)).min() > 0.025
    assert len(columns) == plan_of(architecture).columns


@given(experiments())
def test_each_neuron_that_can_be_highlighted_has_its_finding(experiment):
    found, drawn = picture(experiment.architecture, *experiment.styles()), plan_of(experiment.architecture)
    assert found.focusable == [entry(focus) for focus in drawn.focusable]
    assert len(found.findings) == len(found.focusable) == len(set(found.focusable))
    names = {group.name: group for group in found.groups}
    for neuron in found.focusable:
        group, _, index = neuron.rpartition(":")
        assert int(index) < names[group].count


def test_the_threads_network_needs_few_bytes():
    assert len(json.dumps(of(DEFAULT).model_dump())) < 6_000


@given(st.text(max_size=60) | st.just(HOSTILE))
def test_a_label_is_one_line_of_text(label):
    found = of(deep(label), FUNCTIONAL, FUNCTIONAL)
    for words in (found.heads[0].title, found.groups[-1].title, *(group.title for group in found.groups)):
        assert words
        assert words == " ".join(words.split())
        assert "\u202e" not in words
