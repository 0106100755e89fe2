"""Made-up evidence of question 6 for tests."""

import numpy as np

from backend.questions.lab.share import ShareEvidence, ShareRuns, ShareSettings


def evidence(change, settings=None, spread=0.02, head_b=1.0):
    """Evidence in which `change(key, ρ)` is about Δm in every seed: losses of 1 × (1 + change) with some noise.

    The change of head b is `head_b` times that of head a.
    """
    settings = settings or ShareSettings(seeds=12)
    random = np.random.default_rng(0)
    runs = []
    for key in settings.keys:
        for rho in settings.levels:
            factor = 0.0 if key == "separate" else change(key, rho)
            noise = 1 + spread * random.normal(size=(settings.seeds, 2)) * (key != "separate")
            losses = np.stack([1 + factor * noise[:, 0], 0.5 * (1 + head_b * factor * noise[:, 1])], axis=1)
            parts = {"mmoe": 3, "cgc": 2, "cross_stitch": 4}.get(key)
            shares = [[[round(1 / parts, 3)] * parts] * 2] * settings.seeds if parts else []
            runs.append(
                ShareRuns.model_validate(
                    {
                        "key": key, "relatedness": rho, "rate": 0.01, "epochs": 3, "losses": losses.tolist(),
                        "shares": shares,
                    }
                )
            )  # fmt: skip
    return ShareEvidence(settings=settings, runs=tuple(runs))


def spoiled(found, key, rho, loss):
    """The evidence with this loss in one seed of a network."""

    def changed(runs):
        if (runs.key, runs.relatedness) != (key, rho):
            return runs
        return runs.model_copy(update={"losses": ((loss, 1.0), *runs.losses[1:])})

    return found.model_copy(update={"runs": tuple(map(changed, found.runs))})
