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
            rows.append((epoch.seed, epoch.epoch, side, style, "train", "total", losses.total))
            rows += [(epoch.seed, epoch.epoch, side, style, "train", h, v) for h, v in losses.heads.items()]
            if losses.val_total is not None:
                rows.append((epoch.seed, epoch.epoch, side, style, "validation", "total", losses.val_total))
                rows += [
                    (epoch.seed, epoch.epoch, side, style, "validation", h, v) for h, v in losses.val_heads.items()
                ]
    columns = ["seed", "epoch", "side", "style", "split", "loss", "value"]
    return pd.DataFrame(rows, columns=columns).to_csv(index=False)
