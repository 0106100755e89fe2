"""The other styles of a model's heads, as structures: no value of a weight is read, made or compared.

So it works on models of any size, built in `keras.StatelessScope(initialize_variables=False)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from two_heads import columns
from two_heads.conversion import LossWeights
from two_heads.fuse import Fusing, members_of
from two_heads.graph import Graph, Layer, Model, all_layers
from two_heads.heads import groups_of, has_heads_inside, heads_of
from two_heads.losses import fused_losses, kept_losses
from two_heads.outputs import is_flat, output_names, with_outputs
from two_heads.split import Splitting

#: `rewritings` makes no more models once they have so many layers together. Keras needs milliseconds for each layer.
MOST_LAYERS = 1_000


@dataclass(frozen=True)
class Rewriting:
    """Heads of a model in the other style.

    `heads` are the layers in the model, as `find_heads` writes them, and `model` has the same layers but for these: if
    it `fuses`, the layer `whole` in their place; if not, the layers `parts` in the place of one head. `units` are those
    of the separate heads. With `loss_weights`, the total loss of `model` equals that of the old one, and `why` explains
    them; None if there are none. In the outputs of the style with separate heads, these are at `positions`, and in the
    other style, the one layer is at `position`; both are empty if the outputs are kept.
    """

    heads: tuple[str, ...]
    layers: tuple[Layer, ...]
    fuses: bool
    keeps_outputs: bool
    whole: str
    position: int | None
    parts: tuple[str, ...]
    positions: tuple[int, ...]
    units: tuple[int, ...]
    model: Model
    loss_weights: LossWeights | None
    why: str


def rewritings(model: Model) -> Iterator[Rewriting]:
    """Each group of heads that can be written in the other style, those that can become one output first.

    Heads that cannot become one output, but one layer whose columns are cut into the outputs, follow. Then come the
    single heads that can become several, unless these are too many (`MOST_LAYERS`). Raises `ValueError` for a model
    that `Graph` cannot read.
    """
    graph = Graph(model)
    found: set[tuple[str, ...]] = set()
    size, left = len(list(all_layers(model))), MOST_LAYERS
    for keeps in (False, True) if is_flat(graph.model) else (True,):
        for names in _fusible(graph, model, keeps):
            if names not in found and left > 0:
                found.add(names)
                left -= size
                yield _fused(model, names, keeps)
    for name, units in splittable(model).items():
        if units < left:
            left -= size + units
            with suppress(ValueError):  # a layer has the name of a part
                yield _split(model, name)


def splittable(model: Model) -> dict[str, int]:
    """The heads that can become several of one unit, with their numbers of units."""
    graph = Graph(model)
    splitting = Splitting(graph, model)
    return {
        head.layer.name: head.units()
        for head in heads_of(graph)
        if is_flat(graph.model) and not head.columns_of and not has_heads_inside(head) and head.units() > 1
        if splitting.obstacle(head.layer.name) is None
    }


def _fusible(graph: Graph, model: Model, keeps: bool) -> Iterator[tuple[str, ...]]:
    for group in groups_of(graph, model, keeps):
        nested = group.heads[0].layer
        if has_heads_inside(group.heads[0]) and keeps:
            for names in _fusible(Graph(nested), nested, keeps):
                yield tuple(f"{nested.name}/{name}" for name in names)
        elif group.reason is None and len(group.heads) > 1:
            yield tuple(head.layer.name for head in group.heads)


def _fused(model: Model, names: tuple[str, ...], keeps: bool) -> Rewriting:
    graph = Graph(model)
    fusing = Fusing(graph, keeps, names)
    fusing.add(groups_of(graph, model, keeps))
    new, _ = fusing.converted()
    layer, members = fusing.made[0]
    position: int | None = None
    positions: tuple[int, ...] = ()
    if keeps:
        plan = kept_losses(model)
    else:
        new = with_outputs(new, fusing.places)
        position = output_names(new).index(layer.name)
        positions = tuple(head.positions[0] for head in fusing.fused[0].heads)
        plan = fused_losses(graph.model, model, [members_of(group) for group in fusing.fused], fusing.places)
    parts = tuple(name.rpartition("/")[2] for name in names)
    units = tuple(map(columns.units, members))
    return Rewriting(
        heads=names, layers=tuple(members), fuses=True, keeps_outputs=keeps, whole=layer.name, position=position,
        parts=parts, positions=positions, units=units, model=new, loss_weights=plan.weights, why=plan.why,
    )  # fmt: skip


def _split(model: Model, name: str) -> Rewriting:
    graph = Graph(model)
    head = next(each for each in heads_of(graph) if each.layer.name == name)
    splitting = Splitting(graph, model)
    splitting.add([(name, None, None)])
    new, _ = splitting.converted()
    plan, new = splitting.plan(), with_outputs(new, splitting.places())
    parts = tuple(part.name for part, *_ in splitting.made)
    positions = tuple(map(output_names(new).index, parts))
    return Rewriting(
        heads=(name,), layers=(head.layer,), fuses=False, keeps_outputs=False, whole=name, position=head.positions[0],
        parts=parts, positions=positions, units=(1,) * len(parts), model=new, loss_weights=plan.weights, why=plan.why,
    )  # fmt: skip
