"""Compiles a converted model like the old one, and gives it the state of the old optimizer."""

from __future__ import annotations

from typing import Any

import keras

from two_heads.clone import Origins
from two_heads.graph import Model, Variable, compile_arguments, trained_variables

#: Optimizers whose update of an element depends on the other elements of its variable.
_BY_VARIABLE = ("Adafactor", "Lamb", "Muon")


def recompile(old: Model, new: Model, origins: Origins, **changed: Any) -> list[str]:
    """Compile `new` like `old`, apart from the `changed` arguments, and copy the state of the optimizer.

    Returns sentences on how its further training differs. Does nothing if `old` is not compiled.
    """
    if not old.compiled:
        return []
    new.compile(**copied_arguments(old, **changed), auto_scale_loss=False)  # a copied LossScaleOptimizer scales it
    if not old.optimizer.built:
        return []
    new.optimizer.build(new.trainable_variables)
    return _carry(old.optimizer, new.optimizer, origins)


def copied_arguments(model: Model, **changed: Any) -> dict[str, Any]:
    """The arguments of `compile`, apart from the `changed` ones, with a new optimizer and new metrics.

    A metric that two models share would count for both.
    """
    arguments = compile_arguments(model) | {"optimizer": _copied(model.optimizer)} | changed
    for name in ("metrics", "weighted_metrics"):
        arguments[name] = keras.tree.map_structure(_copied, arguments[name])
    return arguments


def _copied(value: Any) -> Any:
    """A new optimizer or metric with the same settings; another value as it is."""
    kinds = (keras.optimizers.Optimizer, keras.metrics.Metric)
    return type(value).from_config(value.get_config()) if isinstance(value, kinds) else value


def _carry(old: Any, new: Any, origins: Origins) -> list[str]:
    """Give the new optimizer the state of the old one, by the origins of the model's variables. Returns the notes."""
    notes = []
    if hasattr(old, "inner_optimizer"):
        notes += _carry(old.inner_optimizer, new.inner_optimizer, origins)
    before, after = _slots(old), _slots(new)
    origin_of = {id(variable): origin for variable, origin in origins}
    fresh = False
    for name, slots in after.items():
        values = {
            id(each): None if slot is None else keras.ops.convert_to_numpy(slot)
            for each, slot in zip(trained_variables(old), before[name], strict=True)
        }
        for variable, slot in zip(trained_variables(new), slots, strict=True):
            origin = origin_of.get(id(variable))
            if slot is None:
                continue
            value = origin.value([values.get(id(each)) for each in origin.variables]) if origin else None
            if value is not None and value.shape == tuple(slot.shape):
                slot.assign(value)
            else:
                fresh = True
    for one, other in zip(_others(old, before), _others(new, after), strict=True):
        other.assign(keras.ops.convert_to_numpy(one))
    kind = type(old).__name__
    if fresh:
        notes.append(f"A part of {kind}'s state for the heads cannot be carried, and starts anew.")
    if hasattr(old, "_exclude_from_weight_decay"):
        notes.append(f"Exclusions from {kind}'s weight decay are not copied; call `exclude_from_weight_decay` again.")
    if kind in _BY_VARIABLE or getattr(old, "clipnorm", None):
        rule = kind if kind in _BY_VARIABLE else "clipnorm"
        notes.append(f"{rule} looks at each variable as a whole, so the steps of the heads are not those of before.")
    return notes


def _others(optimizer: Any, slots: dict[str, list[Variable | None]]) -> list[Variable]:
    """What an optimizer keeps besides its slots: the number of steps, the learning rate and the like."""
    inner = optimizer.inner_optimizer.variables if hasattr(optimizer, "inner_optimizer") else []
    taken = {id(each) for each in [*inner, *(slot for of_name in slots.values() for slot in of_name)]}
    return [each for each in optimizer.variables if id(each) not in taken]


def _slots(optimizer: Any) -> dict[str, list[Variable | None]]:
    """What an optimizer keeps for each trained variable, in the order of the variables, by attribute."""
    trained, own = trained_variables(optimizer), {id(each) for each in optimizer.variables}
    return {
        name: list(value)
        for name, value in vars(optimizer).items()
        if isinstance(value, list)
        and len(value) == len(trained) > 0
        and not any(each is trained[0] for each in value)
        and name not in ("_variables", "_trainable_variables")
        and all(each is None or isinstance(each, keras.Variable) for each in value)
        and any(id(each) in own for each in value)
    }
