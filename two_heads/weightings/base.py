"""What a method is: a way to combine K head losses, so that their gradients become one step of the trunk.

An aggregator weights the gradients of the heads, a scalarizer their losses. Both name their paper, and can show the
text of their functions and run it on `keras.ops` (`on`).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, Self

import numpy as np

from two_heads.function_text import Function, source_of, with_helpers
from two_heads.weightings.ops import Array

State = dict[str, Array]
Need = Literal["losses_after", "gramian"]


def no_state(k: int) -> State:
    """No state."""
    return {}


@dataclass(frozen=True)
class Paper:
    """Where a method was published."""

    title: str
    year: int
    url: str


@dataclass(frozen=True, kw_only=True)
class Method:
    """What aggregators and scalarizers have in common.

    `rule` is one plain sentence. `trap` says what can go wrong with it. Its file names the hyperparameters and their
    sources, and says when it equals another method.
    """

    key: str
    title: str
    rule: str
    paper: Paper | None = None
    trap: str

    def functions(self, *without: str) -> tuple[Function, ...]:
        """All functions that this method consists of, each once, each after those that it calls.

        `without` names the fields whose functions are left out. The only name that they do not define is `ops`.
        """
        own = (getattr(self, field.name) for field in fields(self) if field.name not in without)
        return with_helpers(*(each for each in own if inspect.isfunction(each)))

    def on(self, ops: Any) -> Self:
        """This method, with its functions run on other `ops`, such as `keras.ops`.

        In a graph, call an aggregator's `function`; its `weights` returns a NumPy array.
        """
        namespace = execute_functions(self.functions(), ops)
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        theirs = {name: namespace[each.__name__] for name, each in own.items() if inspect.isfunction(each)}
        return replace(self, **theirs)


@dataclass(frozen=True, kw_only=True)
class Aggregator(Method):
    """A method that sees the gradients of the K losses with respect to the trunk: the rows of J, (K, P).

    All it needs of them is the Gramian G = JJᵀ, (K, K). The step of the trunk is -rate · Jᵀ weights. Each head keeps
    the gradient of its own loss.

    `function(gramian)`: (K, K) of any float type → weights (K,) in float64. Hyperparameters are further arguments;
    PCGrad's `order` is one of them.

    A Gramian that is zero (no entry above 1e-200) or has a NaN or infinite entry gives the mean's weights, 1/K each.
    The result is always finite, for K from 1 and for gradients that are zero, equal or opposite, too.
    """

    function: Callable[..., Array]

    @property
    def takes_order(self) -> bool:
        """Whether `function` has an argument `order`, which a training draws again at every step."""
        return "order" in inspect.signature(self.function).parameters

    def weights(self, gramian: np.ndarray, **options: Any) -> np.ndarray:
        """The weights of the K gradients, (K,) in float64.

        `options` are the other arguments of `function`: PCGrad's `order`, CAGrad's `c`, Nash-MTL's `max_norm`.
        """
        with np.errstate(all="ignore"):
            return np.asarray(self.function(np.asarray(gramian), **options), np.float64)


@dataclass(frozen=True, kw_only=True)
class Scalarizer(Method):
    """A method that weights the K losses, (K,). Between steps it keeps a state: arrays by name.

    `initial(k)` is the state at the start. `weights(losses, state)` is the derivative of the scalar to minimise with
    respect to each loss, with the state held fixed: the sum of the losses with these weights, held constant, has the
    method's gradient.

    Hyperparameters are entries of the state that no step changes; to choose another value, replace the entry of the
    initial state. So are the visitor's own weights (`fixed`).

    The state changes at four moments; a function that is None means that this method has nothing to do then. Each
    returns the whole new state, in arrays of the same shapes. Losses, Gramian and state have one float type.

    1. `before_step(state, noise)`: before the weights of a step are used. `noise` is K new standard normal numbers.
    2. `gradients(losses, state)`: the derivative of that scalar with respect to those variables of the state that the
       network's optimizer trains. It has only their names, and is no state: the optimizer moves them with the network.
    3. `after_step(state, losses, losses_after, gramian)`: after the optimizer's step. `losses` are those of the step,
       `losses_after` those of the same batch with the new weights of the network, and `gramian` is that of the
       unweighted losses' gradients with respect to the last shared layer, before the step.
    4. `after_epoch(state, losses)`: at the end of an epoch, with the mean of each loss over it.

    `needs` names the arguments that cost something and that this method uses. Pass None for all others.
    """

    weights: Callable[[Array, State], Array]
    initial: Callable[[int], State] = no_state
    before_step: Callable[[State, Array], State] | None = None
    gradients: Callable[[Array, State], State] | None = None
    after_step: Callable[[State, Array, Array, Array], State] | None = None
    after_epoch: Callable[[State, Array], State] | None = None
    needs: frozenset[Need] = frozenset()


def execute_functions(functions: Iterable[Callable[..., Any]], ops: Any) -> dict[str, Any]:
    """Execute the text of these functions with other `ops`, such as `keras.ops`; returns them by name."""
    namespace: dict[str, Any] = {"ops": ops}
    exec(compile(source_of(functions), "<weightings>", "exec"), namespace)  # our own files, nothing from a visitor
    return namespace
