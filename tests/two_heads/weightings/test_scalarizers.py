"""Golden values of the scalarizers (`shared/lab.md`), and what each one's state does."""

import numpy as np
import pytest

from two_heads.weightings import SCALARIZERS

LOSSES = np.array([1.0, 2, 4])


def test_sum_mean_and_fixed():
    state = {"weights": np.array([3.0, 0, 1])}
    np.testing.assert_array_equal(SCALARIZERS["sum"].weights(LOSSES, {}), 1)
    np.testing.assert_array_equal(SCALARIZERS["mean"].weights(LOSSES, {}), 1 / 3)
    np.testing.assert_array_equal(SCALARIZERS["fixed"].weights(LOSSES, state), state["weights"])
    np.testing.assert_array_equal(SCALARIZERS["fixed"].weights(LOSSES, SCALARIZERS["fixed"].initial(3)), 1)


def test_uw_starts_at_half_of_the_sum_and_ends_at_the_inverse_losses():
    method = SCALARIZERS["uw"]
    state = method.initial(3)
    np.testing.assert_array_equal(method.weights(LOSSES, state), 0.5)
    assert method.gradients is not None
    for _ in range(2000):
        state = {"log_variances": state["log_variances"] - 0.1 * method.gradients(LOSSES, state)["log_variances"]}
    np.testing.assert_allclose(np.exp(state["log_variances"]), LOSSES, rtol=1e-4)


def test_gls_is_the_geometric_mean():
    np.testing.assert_allclose(SCALARIZERS["gls"].weights(LOSSES, {}), 2 / (3 * LOSSES))


@pytest.mark.parametrize(("ratio", "weights"), [([1, 4], [0.3649, 1.6351]), ([0.9, 1], [0.975, 1.025])])
def test_dwa_weighs_by_the_ratio_of_the_last_two_epochs(ratio: list[float], weights: list[float]):
    method = SCALARIZERS["dwa"]
    assert method.after_epoch is not None
    first = method.after_epoch(method.initial(2), np.array([2.0, 3]))
    np.testing.assert_allclose(method.weights(np.ones(2), first), 1)
    second = method.after_epoch(first, np.array([2.0, 3]) * ratio)
    np.testing.assert_allclose(method.weights(np.ones(2), second), weights, atol=1e-4)


def test_rlw_is_the_softmax_of_the_noise():
    method = SCALARIZERS["rlw"]
    assert method.before_step is not None
    state = method.before_step(method.initial(2), np.log([1.0, 3]))
    np.testing.assert_allclose(method.weights(np.ones(2), state), [0.25, 0.75])


def test_famo_gives_more_weight_to_a_loss_that_fell_less():
    method = SCALARIZERS["famo"]
    assert method.after_step is not None
    state = method.after_step(method.initial(2), np.array([1.0, 2]), np.array([0.5, 1.9]), None)
    np.testing.assert_allclose(state["logits"], [-0.025, 0.025], rtol=1e-5)  # Adam's first step is the rate
    state = {**method.initial(2), "lowest": np.array([-2.1, -21])}
    np.testing.assert_allclose(method.weights(np.array([-1.1, -19.0]), state), [2 / 3, 1 / 3], atol=1e-6)


def test_stch_is_a_smooth_maximum():
    method = SCALARIZERS["stch"]
    sharp = {**method.initial(2), "smoothing": np.array(1e-3)}
    np.testing.assert_allclose(method.weights(np.array([2.0, 6]), sharp), [0, 0.5], atol=1e-12)


def test_gradnorm_follows_the_derivative_of_its_distance_from_the_targets():
    method = SCALARIZERS["gradnorm"]
    assert method.after_step is not None
    lengths, losses = np.array([3.0, 1, 2]), np.array([1.0, 2, 0.5])
    start = {**method.initial(3), "logits": np.array([0.3, -0.2, 0.1]), "steps": np.array(1.0)}
    weights = method.weights(losses, start)
    targets = (weights * lengths).mean() * (losses / losses.mean()) ** 1.5

    def distance(logits: np.ndarray) -> float:
        return float(np.abs(method.weights(losses, {**start, "logits": logits}) * lengths - targets).sum())

    moves = 1e-6 * np.eye(3)
    slope = [(distance(start["logits"] + move) - distance(start["logits"] - move)) / 2e-6 for move in moves]
    moment = method.after_step(start, losses, None, np.diag(lengths**2))["momentum"] / 0.1
    np.testing.assert_allclose(moment * (weights * lengths).mean(), slope, atol=1e-6)
