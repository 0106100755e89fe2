"""Invented points of a sweep."""

from __future__ import annotations

from backend.questions.speed.result import Point, StyleTimings

#: A little noise, the same in every style; twenty rounds.
NOISE = [1 + 0.01 * ((7 * i) % 11 - 5) for i in range(20)]


def figures(step=0.001, noise=NOISE, first_call=1.0, operations=700, weights=7, infer=True):
    times = [step * each for each in noise]
    return StyleTimings(
        build=[10 * each for each in times],
        first_call=first_call,
        train=times,
        infer=times if infer else [],
        weights=weights,
        slots=2 * weights + 2,
        trackers=2,
        operations=operations,
    )


def point(k=2, times=1.5, mode="fit", control=1.0):
    """Functional takes `times` as long as fused, Sequential `control` times, each with noise of its own.

    The noise is the same in another order, so that the ratios scatter evenly about the true one.
    """
    more = k - 1
    styles = {
        "sequential": figures(0.001 * control, [NOISE[i ^ 1] for i in range(20)], infer=mode != "steps"),
        "functional": figures(
            0.001 * times, NOISE[::-1], 1 + 0.2 * more, 700 + 150 * more, 7 + 2 * more, mode != "steps"
        ),
        "functional_fused": figures(infer=mode != "steps"),
    }
    return Point(mode=mode, k=k, styles=styles)
