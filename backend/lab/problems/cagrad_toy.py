"""CAGrad's toy: two objectives, each with a valley above and a bowl below."""

from __future__ import annotations

from backend.lab.problems.base import Expected, Problem, Source
from backend.lab.problems.two_valleys import (
    WINDOW,
    two_valleys,
    two_valleys_distance,
    two_valleys_front,
    two_valleys_jacobian,
)

PROBLEM = Problem(
    key="cagrad_toy",
    title="CAGrad's two valleys",
    description="Above, each loss has a narrow valley. There the gradients conflict, and one is far longer. Below, "
    "each loss has a wide bowl, and the best trade-offs lie between the two centres.",
    source=Source(
        "Liu and others, Conflict-Averse Gradient Descent for Multi-task Learning (2021), the toy of its code",
        "https://arxiv.org/abs/2110.14048",
    ),
    expected=(
        Expected("CAGrad (c = 0.5) ends at a mean loss of −15.09 ± 0.05 from all three starts.", "published"),
        Expected("The mean stays above 0 from the first and the third start.", "published"),
    ),
    losses=two_valleys,
    jacobian=two_valleys_jacobian,
    distance=two_valleys_distance,
    starts=((-8.5, 7.5), (-8.5, -5.0), (9.0, 9.0)),
    lowest=(-21.0, -21.0),
    tolerance=0.1,
    steps=100_000,
    front=two_valleys_front,
    window=WINDOW,
)
