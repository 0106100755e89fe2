"""The curves as CSV: every loss of the run, once."""

import io

import pandas as pd

from backend.training.export import curves_csv
from tests.builders.runs import run


def test_the_csv_contains_every_loss_of_the_run():
    one, two = run(0), run(1)
    result = one.model_copy(update={"epochs": one.epochs + two.epochs})
    result.epochs[0].left.val_total = None  # as where nothing validates
    result.epochs[0].right.total = 1.2345678901234567e30
    table = pd.read_csv(io.StringIO(curves_csv(result)), keep_default_na=False, float_precision="round_trip")
    assert list(table.columns) == ["seed", "epoch", "side", "style", "split", "loss", "value"]
    assert {*table[["side", "style"]].itertuples(index=False, name=None)} == {
        *zip(("left", "right"), result.styles, strict=True)
    }
    values = table.set_index(["seed", "epoch", "side", "split", "loss"])["value"]
    assert values.index.is_unique
    expected = {}
    for epoch in result.epochs:
        for side in ("left", "right"):
            losses = getattr(epoch, side)
            curves = {("train", name): loss for name, loss in (losses.heads | {"total": losses.total}).items()}
            if losses.val_total is not None:
                validated = losses.val_heads | {"total": losses.val_total}
                curves |= {("validation", name): loss for name, loss in validated.items()}
            expected |= {(epoch.seed, epoch.epoch, side, *key): value for key, value in curves.items()}
    assert values.to_dict() == expected
