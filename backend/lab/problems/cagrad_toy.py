"""CAGrad's toy: two objectives, each with a narrow valley above and a wide bowl below.

In the valleys the gradients conflict, and one is far longer. The best trade-offs lie between the centres of the bowls.
Source: the code of Liu and others, Conflict-Averse Gradient Descent for Multi-task Learning (2021),
https://arxiv.org/abs/2110.14048
"""

from __future__ import annotations

from backend.lab.problems.base import Problem
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
    losses=two_valleys,
    jacobian=two_valleys_jacobian,
    distance=two_valleys_distance,
    starts=((-8.5, 7.5), (-8.5, -5.0), (9.0, 9.0)),
    lowest=(-21.0, -21.0),
    tolerance=0.1,
    front=two_valleys_front,
    window=WINDOW,
)
