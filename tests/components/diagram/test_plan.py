"""What the diagram draws and folds."""

from hypothesis import given

from backend.network.neurons import edges, groups, head_edges
from components.diagram.plan import OUTPUTS, drawn_of_all, plan_of
from components.diagram.titles import finding
from tests.builders.strategies import architectures, experiments


@given(experiments())
def test_every_edge_is_drawn_or_folded_and_the_title_counts_them_all(experiment):
    architecture, styles = experiment.architecture, experiment.styles()
    picture = plan_of(architecture)
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


@given(architectures())
def test_a_diagram_stays_small_and_says_what_it_leaves_out(architecture):
    picture = plan_of(architecture)
    for depth in range(picture.columns):
        shown, units = picture.shown_at(depth), picture.units_at(depth)
        assert 1 <= shown <= units
        assert shown <= OUTPUTS
    assert len(picture.heads) + picture.folded_heads == len(architecture.heads)
