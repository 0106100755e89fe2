"""The curves of a run as CSV."""

from __future__ import annotations

import pandas as pd

from backend.training.result import SIDES, Run


def curves_csv(run: Run) -> str:
    """All curves in long form: seed, epoch, side, style, split, loss (total or a head's name), value."""
    rows = []
    for epoch in run.epochs:
        for side, style in zip(SIDES, run.styles, strict=True):
            losses = getattr(epoch, side)
            for split, total, heads in (
                ("train", losses.total, losses.heads),
                ("validation", losses.val_total, losses.val_heads),
            ):
                found = {} if total is None else {"total": total} | heads
                rows += [(epoch.seed, epoch.epoch, side, style, split, *each) for each in found.items()]
    columns = ["seed", "epoch", "side", "style", "split", "loss", "value"]
    return pd.DataFrame(rows, columns=columns).to_csv(index=False)
