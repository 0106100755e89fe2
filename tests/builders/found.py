"""What a worker finds in a visitor's own model, made by hand: heads on values of any number."""

from __future__ import annotations

from collections.abc import Sequence

from backend.own_model.found import Group, Rewriting


def group_of(width: int, units: Sequence[int], window: tuple[int, ...] = ()) -> Group:
    """Heads with these units on `width` channels; those of convolutions have a window."""
    kind = f"Conv{len(window)}D" if window else "Dense"
    layers = tuple(f"h{i}" for i in range(len(units)))
    return Group(
        layers=layers, units=tuple(units), kind=kind, window=window, channels=width, positions=bool(window),
        reads="trunk", answer="✗ no", why="They differ.",
    )  # fmt: skip


def rewriting_of(width: int, units: Sequence[int]) -> Rewriting:
    """Several heads as one layer; or one head as a layer for each unit."""
    fuses = len(units) > 1
    parts = [f"h{i}" for i in range(len(units))] if fuses else [f"h0_{i}" for i in range(units[0])]
    return Rewriting(
        group=group_of(width, units), fuses=fuses, keeps_outputs=False, whole="heads" if fuses else "h0",
        parts=tuple(parts), units=tuple(units) if fuses else (1,) * units[0],
        parameters=(width + 1) * sum(units), other="", loss_weights=None, why="",
    )  # fmt: skip
