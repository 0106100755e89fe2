"""Epochs of a made-up run, and the lines that are drawn of them."""

from backend.training.result import Epoch, Losses

STYLES = ("sequential", "functional")


def losses(total, validation):
    heads = {"level": total / 2, "trend": total / 2}
    val_heads = dict.fromkeys(heads, validation) if validation is not None else {}
    return Losses(total=total, heads=heads, val_total=validation, val_heads=val_heads)


def epochs(count, seed=0, validation=0.5, ratio=2.0):
    return [
        Epoch(
            seed=seed,
            epoch=epoch,
            left=losses(1 / epoch, validation),
            right=losses(ratio / epoch, validation),
            seconds=epoch,
        )
        for epoch in range(1, count + 1)
    ]


def lines(figure):
    """The drawn lines by name, without bands."""
    return {trace.name: trace for trace in figure.data if trace.name}
