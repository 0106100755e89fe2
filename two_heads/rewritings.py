"""The other styles of a model's heads, as structures: no value of a weight is read, made or compared.

So it works on models of any size, built in `keras.StatelessScope(initialize_variables=False)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from two_heads import columns
from two_heads.conversion import LossWeights
from two_heads.fuse import Fusing
from two_heads.graph import Graph, Model, all_layers
from two_heads.heads import Head, find_heads, has_heads_inside, heads_of
from two_heads.outputs import is_flat, with_outputs
from two_heads.split import Splitting

#: `rewritings` makes no more models once they have so many layers together. Keras needs milliseconds for each layer.
MOST_LAYERS = 1_000


@dataclass(frozen=True)
class Rewriting:
    """Heads of a model in the other style.

    `heads` are the layers in the model, as `find_heads` writes them, and `model` has the same layers but for these: if
    it `fuses`, the layer `whole` in their place; if not, the layers `parts` in the place of one head. `units` are those
    of the separate heads. With `loss_weights`, the total loss of `model` equals that of the old one, and `why` explains
    them; None if there are none.
    """

    heads: tuple[str, ...]
    fuses: bool
    keeps_outputs: bool
    whole: str
    parts: tuple[str, ...]
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
        for names in [each.layers for each in find_heads(model, keeps) if each.fusible]:
            if names not in found and left > 0:
                found.add(names)
                left -= size
                yield _fused(model, names, keeps)
    for head in splittable(model):
        if head.units() < left:
            left -= size + head.units()
            with suppress(ValueError):  # a layer has the name of a part
                yield _split(model, head)


def splittable(model: Model) -> list[Head]:
    """The heads that can become several of one unit."""
    graph = Graph(model)
    splitting = Splitting(graph, model)
    return [
        head
        for head in (heads_of(graph) if is_flat(graph.model) else ())
        if not head.columns_of and not has_heads_inside(head) and head.units() > 1
        if splitting.obstacle(head.layer.name) is None
    ]


def _fused(model: Model, names: tuple[str, ...], keeps: bool) -> Rewriting:
    fusing = Fusing(Graph(model), model, keeps, names)
    new = with_outputs(fusing.converted(), fusing.places())
    layer, members, *_ = fusing.made[0]
    plan = fusing.plan()
    parts = tuple(name.rpartition("/")[2] for name in names)
    units = tuple(map(columns.units, members))
    return Rewriting(
        heads=names, fuses=True, keeps_outputs=keeps, whole=layer.name, parts=parts, units=units, model=new,
        loss_weights=plan.weights, why=plan.why,
    )  # fmt: skip


def _split(model: Model, head: Head) -> Rewriting:
    name = head.layer.name
    splitting = Splitting(Graph(model), model)
    splitting.add([(name, None, None)])
    new = with_outputs(splitting.converted(), splitting.places())
    parts = tuple(part.name for part, *_ in splitting.made)
    plan = splitting.plan()
    return Rewriting(
        heads=(name,), fuses=False, keeps_outputs=False, whole=name, parts=parts, units=(1,) * len(parts),
        model=new, loss_weights=plan.weights, why=plan.why,
    )  # fmt: skip
