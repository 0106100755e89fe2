"""Files of `GradientConflict` for tests."""

import json
from itertools import combinations

from backend.lab.measured_file.reader import read

#: Cosine, length ratio and conflict rate.
CALM, CLASH, LONG, UNDEFINED = (0.3, 1.5, 0.25), (-0.5, 1.2, 0.95), (0.3, 30.0, 0.25), (None, None, None)


def document(*measured, heads=("a", "b"), rows=1000, batch_size=32, **more):
    """The contents of a file. `measured` has for each epoch figures for all pairs, or a list of those of each pair."""
    pairs = list(combinations(heads, 2))
    history = [
        {
            "epoch": epoch,
            "pairs": [
                {"heads": list(pair), "cosine": cosine, "length_ratio": ratio, "conflict_rate": rate}
                for pair, (cosine, ratio, rate) in zip(
                    pairs, of_epoch if isinstance(of_epoch, list) else [of_epoch] * len(pairs), strict=True
                )
            ],
        }
        for epoch, of_epoch in enumerate(measured or (CALM, CALM, CALM))
    ]
    about = {"schema": 1, "heads": list(heads), "rows": rows, "batch_size": batch_size, "versions": {"keras": "3.15.1"}}
    return about | {"history": history} | more


def text(*measured, **settings):
    return json.dumps(document(*measured, **settings))


def file(*measured, **settings):
    return read(text(*measured, **settings))
