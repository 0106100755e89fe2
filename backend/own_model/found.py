"""What a worker finds in a visitor's own model, with the library `two_heads`: its heads, and their other styles."""

from __future__ import annotations

from math import prod

from backend.experiment.architecture import Architecture, Frozen
from backend.network.layer_graph import LayerGraph
from backend.words import counted, listed

#: The most parameters of a model that workers train and time. The heads of larger ones are found, too.
MOST_PARAMETERS = 5_000_000


class Group(Frozen):
    """Heads that read the result of one layer, `reads`, and have the same settings.

    `kind` is their class, and `window` that of a convolution. A unit reads `channels` numbers at each position of the
    window; `positions` says whether the tensor has more axes than the batch and the channels. `answer` and `why` say
    whether one layer can take the place of the heads.
    """

    layers: tuple[str, ...]
    units: tuple[int, ...]
    kind: str
    window: tuple[int, ...]
    channels: int
    positions: bool
    reads: str
    answer: str
    why: str

    @property
    def title(self) -> str:
        """The names of the layers in a few words."""
        names = [f"“{name}”" for name in self.layers]
        return listed(names) if len(names) <= 3 else f"{names[0]}, {names[1]}, … and {names[-1]}"

    @property
    def width(self) -> int:
        """How many numbers each unit reads."""
        return prod(self.window, start=self.channels)

    @property
    def values(self) -> str:
        """What the heads read: “64 values”, “144 values (3 × 3 positions of 16 channels) at each position”."""
        values = counted(self.width, "value")
        if self.width > self.channels:
            values += f" ({' × '.join(map(str, self.window))} positions of {counted(self.channels, 'channel')})"
        return f"{values} at each position" if self.positions else values

    def written(self, units: int) -> str:
        """A layer of this kind as source has it: Dense(4), Conv2D(4, 3)."""
        window: object = self.window[0] if len(set(self.window)) == 1 else self.window
        return f"{self.kind}({units}{f', {window}' if self.window else ''})"


class Rewriting(Frozen):
    """Heads of a model in the other style: one layer, `whole`, for several heads, or `parts` for one.

    `units` are those of the separate heads. If it `keeps_outputs`, the columns of the one layer are cut into the
    outputs again. `other` is the source of the whole model in that style. With `loss_weights`, its total loss is that
    of the visitor's model, as `why` explains; None if there are none.
    """

    group: Group
    fuses: bool
    keeps_outputs: bool
    whole: str
    parts: tuple[str, ...]
    units: tuple[int, ...]
    parameters: int
    other: str
    loss_weights: float | list[float] | dict[str, float] | None
    why: str

    @property
    def answer(self) -> str:
        """Whether the heads can be one layer, in a sentence."""
        if self.fuses:
            return f"Yes: these {len(self.parts)} heads can be one layer."
        return f"Yes: it is one layer now, and it can also be {len(self.parts)} heads."

    @property
    def finding(self) -> str:
        """Why both styles are the same network, in sentences."""
        group = self.group
        same = (
            f"Both styles have {self.parameters:,} parameters and the same {group.width * sum(self.units):,} "
            f"connections to the heads{' at each position' if group.positions else ''}."
        )
        if not self.fuses:
            parts = f"{len(self.parts)} {group.written(1)} layers"
            return f"{group.title} is a {group.written(self.units_of_whole)} that reads {group.values}. {parts} are the same network. {same}"  # noqa: E501
        cut = " whose columns are cut apart, each with its activation after it," if self.keeps_outputs else ""
        return (
            f"{group.title} are {len(self.parts)} heads that read the same {group.values}. "
            f"One {group.written(self.units_of_whole)}{cut} is the same network. {same}"
        )

    @property
    def units_of_whole(self) -> int:
        """The units of the one layer."""
        return sum(self.units)

    @property
    def choice(self) -> str:
        """When to choose which style, in sentences."""
        gain = "What you can gain is time, which you can measure below."
        if self.keeps_outputs:
            return f"The outputs, their names and their losses stay as they are. {gain}"
        return (
            "Choose a layer for each head if a head needs a loss, a metric or frozen weights of its own. Otherwise "
            f"choose one layer. {gain}"
        )

    @property
    def at_home(self) -> str:
        """Python that converts the visitor's file on their own machine."""
        if self.fuses:
            names = ", ".join(f'"{name}"' for name in self.group.layers)
            kept = "" if self.keeps_outputs else ", keep_outputs=False"
            call = f"fuse_heads(model, heads=[{names}]{kept})"
        else:
            call = f'split_heads(model, units={{"{self.group.layers[0]}": [1] * {len(self.parts)}}})'
        return (
            f"import keras\nfrom two_heads import {call.partition('(')[0]}\n\n"
            'model = keras.models.load_model("model.keras")\n'
            f'{call}.model.save("other_style.keras")\n'
        )


class Found(Frozen):
    """A visitor's own model, as Keras has built it without weights.

    `activations` are the numbers of all layers for one example, and random ids for its inputs are below `ids`.
    `settings` are those with which the app writes the same network, and `left` is its style on the left side; None if
    there are none, and `why_no_settings` says why.
    """

    name: str
    source: str
    graph: LayerGraph
    parameters: int
    activations: int
    ids: int
    outputs: int
    groups: tuple[Group, ...]
    rewritings: tuple[Rewriting, ...]
    settings: Architecture | None
    left: str
    why_no_settings: str

    @property
    def without_other_style(self) -> tuple[Group, ...]:
        """The groups of Dense layers and convolutions of which no head has another style."""
        rewritten = {name for each in self.rewritings for name in each.group.layers}
        return tuple(group for group in self.groups if group.kind and not rewritten & set(group.layers))

    @property
    def answer(self) -> str:
        """Whether heads can be one layer, in a sentence. The page shows it if there is no rewriting."""
        if any(group.answer == "one layer now" for group in self.groups):
            return "Yes, but the app does not write the other style."
        if self.outputs == 1 and len(self.groups) <= 1:
            return "There is one head, and nothing to rewrite."
        return "No: leave these heads as they are."

    @property
    def finding(self) -> str:
        """Why no heads can be written in the other style, in a sentence. The page shows it if there is no rewriting."""
        if len({group.why for group in self.groups}) == 1:
            return self.groups[0].why
        return "No heads of this model can be written in the other style. The table says why."

    @property
    def is_measured(self) -> bool:
        """Whether workers train and time a model of this size."""
        return self.parameters <= MOST_PARAMETERS
