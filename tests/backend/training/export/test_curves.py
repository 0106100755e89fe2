"""The curves as CSV: every loss of the run, once."""

import io

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.training.export import curves_csv
from backend.training.result import Epoch, Losses, Run, Timings
from tests.strategies import experiments

_loss = st.floats(0, 1e30)


@st.composite
def runs(draw):
    """A run with curves alone, validated or not."""
    experiment = draw(experiments(small=True))
    names = [head.name for head in experiment.architecture.heads]
    validated = draw(st.booleans())

    def losses():
        heads = {name: draw(_loss) for name in names}
        if not validated:
            return Losses(total=draw(_loss), heads=heads)
        return Losses(total=draw(_loss), heads=heads, val_total=draw(_loss), val_heads=dict.fromkeys(names, 0.5))

    epochs = [
        Epoch(seed=seed, epoch=epoch, left=losses(), right=losses(), seconds=0.1)
        for seed in range(draw(st.integers(1, 2)))
        for epoch in range(1, draw(st.integers(1, 3)) + 1)
    ]
    return Run(
        experiment=experiment,
        styles=tuple(style.key for style in experiment.styles()),
        epochs=epochs,
        snapshots=[],
        predictions=None,
        weights={"left": {}, "right": {}},
        timings=Timings(build=0, trace=0, train=0, step=0, steps=0, traced=0),
        versions={},
    )


@settings(max_examples=15)
@given(runs())
def test_the_csv_contains_every_loss_of_the_run(run):
    table = pd.read_csv(io.StringIO(curves_csv(run)), keep_default_na=False, float_precision="round_trip")
    assert list(table.columns) == ["seed", "epoch", "side", "style", "split", "loss", "value"]
    assert list(table.groupby("side")["style"].unique().explode().items()) == list(
        zip(("left", "right"), run.styles, strict=True)
    )
    values = table.set_index(["seed", "epoch", "side", "split", "loss"])["value"]
    assert values.index.is_unique
    expected = {}
    for epoch in run.epochs:
        for side in ("left", "right"):
            losses = getattr(epoch, side)
            curves = {("train", "total"): losses.total} | {("train", name): v for name, v in losses.heads.items()}
            if losses.val_total is not None:
                curves |= {("validation", "total"): losses.val_total}
                curves |= {("validation", name): v for name, v in losses.val_heads.items()}
            expected |= {(epoch.seed, epoch.epoch, side, *key): value for key, value in curves.items()}
    assert values.to_dict() == expected
