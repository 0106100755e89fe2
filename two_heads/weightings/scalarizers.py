"""Scalarizers in closed form, of the losses of a step, of an epoch or of random numbers."""

from __future__ import annotations

from two_heads.weightings import ops
from two_heads.weightings.base import Paper, Scalarizer, State
from two_heads.weightings.ops import Array


def sum_weights(losses: Array, state: State) -> Array:
    """1 each."""
    return ops.ones_like(losses)


#: The sum: what Keras does with several losses.
#: Relation to others: The mean, at a learning rate divided by K; fixed weights that are all 1.
SUM = Scalarizer(
    key="sum",
    title="Sum",
    rule="Minimise the sum of the head losses.",
    trap="A head whose loss is on a larger scale gets most of the trunk.",
    weights=sum_weights,
)


def mean_weights(losses: Array, state: State) -> Array:
    """1/K each."""
    return ops.ones_like(losses) / losses.shape[0]


#: The mean: the sum, at K times the learning rate.
MEAN = Scalarizer(
    key="mean",
    title="Mean",
    rule="Minimise the mean of the head losses.",
    trap="With K heads, its step is K times shorter than that of the sum at the same learning rate.",
    weights=mean_weights,
)


def fixed_initial(k: int) -> State:
    """Weights of 1; replace them with your own."""
    return {"weights": ops.ones((k,))}


def fixed_weights(losses: Array, state: State) -> Array:
    """The fixed weights."""
    return state["weights"]


#: Fixed weights: the visitor's own, as in the `loss_weights` of Keras.
#: Hyperparameters: Weights of 1, as in Keras.
#: Relation to others: The sum if all weights are 1, the mean if all are 1/K.
FIXED = Scalarizer(
    key="fixed",
    title="Fixed weights",
    rule="Minimise a sum of the head losses with weights that never change.",
    trap="No choice of weights reaches a trade-off in a concave part of the front.",
    initial=fixed_initial,
    weights=fixed_weights,
)


def uw_initial(k: int) -> State:
    """s = log σ² = 0 for each head: all weights start at ½."""
    return {"log_variances": ops.zeros((k,))}


def uw_weights(losses: Array, state: State) -> Array:
    """½ e^(-s) each."""
    return 0.5 * ops.exp(-state["log_variances"])


def uw_gradients(losses: Array, state: State) -> State:
    """The derivative of the total with respect to each s: ½ (1 - e^(-s) L). It is 0 at e^s = L."""
    return {"log_variances": 0.5 * (1 - ops.exp(-state["log_variances"]) * losses)}


#: UW: each head has a learned variance, which divides its loss.
#: Hyperparameters: s starts at 0 (TorchJD; LibMTL starts at -0.5), and the network's optimizer trains it.
#: Relation to others: With s at its optimum it is ½ Σ log L + a constant: the direction of the geometric mean (GLS).
UW = Scalarizer(
    key="uw",
    title="Uncertainty weighting (UW)",
    rule="Divide each loss by twice a learned variance, and add half of the variance's logarithm.",
    paper=Paper(
        "Multi-Task Learning Using Uncertainty to Weigh Losses for Scene Geometry and Semantics",
        2017,
        "https://arxiv.org/abs/1705.07115",
    ),
    trap="The total may be negative, and a loss that stays negative makes its weight grow without end.",
    initial=uw_initial,
    weights=uw_weights,
    gradients=uw_gradients,
)


def gls_weights(losses: Array, state: State) -> Array:
    """The geometric mean (L₁ · L₂ · …)^(1/K) ÷ (K · L) each. A loss below 1e-8 counts as 1e-8."""
    losses = ops.maximum(losses, 1e-8)
    return ops.exp(ops.mean(ops.log(losses))) / (losses.shape[0] * losses)


#: GLS: the geometric mean of the losses.
#: Relation to others: The direction of uncertainty weighting with its variances at their optimum.
GLS = Scalarizer(
    key="gls",
    title="Geometric mean (GLS)",
    rule="Minimise the geometric mean of the head losses.",
    paper=Paper(
        "MultiNet++: Multi-Stream Feature Aggregation and Geometric Loss Strategy for Multi-Task Learning",
        2019,
        "https://arxiv.org/abs/1904.08492",
    ),
    trap="A loss near 0 gets a weight near infinity. A negative loss has no geometric mean.",
    weights=gls_weights,
)


def dwa_initial(k: int) -> State:
    """Weights of 1, which stay until two epochs are over."""
    return {"weights": ops.ones((k,)), "previous": ops.zeros((k,)), "temperature": 2.0 * ops.ones(())}


def dwa_weights(losses: Array, state: State) -> Array:
    """The weights of this epoch."""
    return state["weights"]


def dwa_after_epoch(state: State, losses: Array) -> State:
    """K · softmax(r / T), where r is the ratio of an epoch's mean loss to that of the epoch before.

    r is 1 if it is unknown: after the first epoch, or if a loss was 0 or is not finite.
    """
    previous = state["previous"]
    known = ops.logical_and(previous != 0, ops.logical_and(ops.isfinite(previous), ops.isfinite(losses)))
    ratio = ops.where(known, losses / ops.where(known, previous, 1.0), 1.0)
    return {**state, "weights": losses.shape[0] * ops.softmax(ratio / state["temperature"]), "previous": losses}


#: DWA: a loss that falls more slowly than the others gets more weight.
#: Hyperparameters: Temperature T = 2 (the paper).
#: Relation to others: The sum in its first two epochs, and whenever all losses fall by the same factor.
DWA = Scalarizer(
    key="dwa",
    title="Dynamic weight average (DWA)",
    rule="After each epoch, give more weight to the losses that fell least from the epoch before.",
    paper=Paper("End-to-End Multi-Task Learning with Attention", 2018, "https://arxiv.org/abs/1803.10704"),
    trap="The weights hardly move: ratios of 0.9 and 1 give weights of 0.975 and 1.025.",
    initial=dwa_initial,
    weights=dwa_weights,
    after_epoch=dwa_after_epoch,
)


def rlw_initial(k: int) -> State:
    """No noise yet: equal weights."""
    return {"noise": ops.zeros((k,))}


def rlw_before_step(state: State, noise: Array) -> State:
    """Keep the standard normal numbers of this step."""
    return {"noise": noise}


def rlw_weights(losses: Array, state: State) -> Array:
    """softmax(noise)."""
    return ops.softmax(state["noise"])


#: RLW: new random weights at every step.
#: Hyperparameters: The softmax of standard normal numbers (the paper).
#: Relation to others: The mean, on average over many steps.
RLW = Scalarizer(
    key="rlw",
    title="Random weights (RLW)",
    rule="At every step, draw random weights with the sum 1.",
    paper=Paper(
        "Reasonable Effectiveness of Random Weighting: A Litmus Test for Multi-Task Learning",
        2021,
        "https://arxiv.org/abs/2111.10603",
    ),
    trap="It is the control: a method that does not beat it has not shown that its weights matter.",
    initial=rlw_initial,
    weights=rlw_weights,
    before_step=rlw_before_step,
)


def stch_initial(k: int) -> State:
    """Equal preferences with the sum 1, an ideal value of 0 for each loss, and μ = 1."""
    return {"preferences": ops.ones((k,)) / k, "ideal": ops.zeros((k,)), "smoothing": ops.ones(())}


def stch_weights(losses: Array, state: State) -> Array:
    """λ · softmax(λ (L - ideal) / μ)."""
    scaled = state["preferences"] * (losses - state["ideal"])
    return state["preferences"] * ops.softmax(scaled / state["smoothing"])


#: STCH: a smooth maximum of the losses.
#: Hyperparameters: μ = 1 (LibMTL, which uses the losses' logarithms), preferences of 1/K and an ideal value of 0
#: (TorchJD).
#: Relation to others: With equal preferences, the direction of the mean for equal losses, or for μ far above all
#: losses.
STCH = Scalarizer(
    key="stch",
    title="Smooth Tchebycheff (STCH)",
    rule="Minimise a smooth maximum of the losses' distances from their ideal values.",
    paper=Paper(
        "Smooth Tchebycheff Scalarization for Multi-Objective Optimization", 2024, "https://arxiv.org/abs/2402.19078"
    ),
    trap="With μ too large it is a weighted sum, which ends at an end of a concave front.",
    initial=stch_initial,
    weights=stch_weights,
)
