"""The architecture: input, trunk and heads. It is validated here and nowhere else.

The default is the network of the thread (https://stackoverflow.com/questions/58092176):
LSTM(32) → Dense(8) → two heads, on sequences of 10 timesteps × 2 features.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import FailFast, Field, field_validator, model_validator

from backend.experiment.activations import Activation, HeadActivation
from backend.experiment.frozen import Frozen as Frozen
from backend.experiment.frozen import InvalidSetting as InvalidSetting
from backend.experiment.losses import Loss
from backend.experiment.names import Identifier, present_name
from backend.experiment.names import usable_name as usable_name
from backend.experiment.sources import OWN, OwnData, Source
from backend.experiment.tasks import OUTPUTS, OWN_TASKS, TASKS, Task, task_of
from backend.words import counted

Units = Annotated[int, Field(ge=1, le=256)]
#: The most LSTM steps with which a model is written with `unroll=True`. Its train steps are faster, but tracing it
#: takes longer with each LSTM step.
MAX_UNROLLED_STEPS = 32


class DenseLayer(Frozen):
    """One Dense layer of the trunk."""

    units: Annotated[Units, Field(title="Dense units")] = 8
    activation: Activation = "linear"


class Head(Frozen):
    """The output branch of one task.

    `name` becomes an identifier in source, a layer name and a history key. `label` is free text and only displayed.
    Raises `InvalidSetting` for a reserved name or an output that the task cannot have.
    """

    name: Identifier
    task: str = "level"
    units: Annotated[int, Field(ge=1, le=16)] = 1
    hidden: Annotated[tuple[Units, ...], FailFast(), Field(max_length=2, title="Hidden units")] = ()
    activation: HeadActivation = "linear"
    loss: Loss = "mse"
    label: Annotated[str, Field(max_length=60)] = ""

    @property
    def title(self) -> str:
        """The head's name on a page: its label, or else its name."""
        return self.label.strip() or self.name

    @property
    def spec(self) -> Task:
        """The task this head learns."""
        return task_of(self.task)

    @field_validator("task")
    @classmethod
    def _by_its_present_name(cls, value: str) -> str:
        return present_name(value, TASKS)

    @model_validator(mode="after")
    def _fits_its_task(self) -> Head:
        if not usable_name(self.name):
            raise InvalidSetting(f"“{self.name}” is reserved by Python, Keras or Two Heads", "name")
        if self.task not in TASKS and self.task not in OWN_TASKS:
            raise InvalidSetting(f"there is no task “{self.task[:40]}”", "task")
        activations, losses = OUTPUTS[self.spec.kind]
        low, high = self.spec.units
        if not low <= self.units <= high:
            most = counted(high, "unit")
            raise InvalidSetting(f"the task {self.task} takes {most if low == high else f'{low} to {most}'}", "units")
        if self.activation not in activations:
            raise InvalidSetting(f"a {self.spec.kind} head takes {' or '.join(activations)}", "activation")
        if self.loss not in losses:
            raise InvalidSetting(f"a {self.spec.kind} head takes {' or '.join(losses)}", "loss")
        return self

    @classmethod
    def for_task(cls, task: str, name: str | None = None, **changes: object) -> Head:
        """A head with the default output for `task`: the fewest units, the first activation and the first loss."""
        activations, losses = OUTPUTS[task_of(task).kind]
        usual = {"units": task_of(task).units[0], "activation": activations[0], "loss": losses[0]}
        return cls.model_validate({"name": name or task, "task": task, **usual, **changes})


class Architecture(Frozen):
    """Input (timesteps × features), trunk (LSTM layers, then Dense layers) and heads.

    Raises `InvalidSetting` if two heads share a name, the input is too small for a task, the tasks are not of one
    source, or the source has fewer features. With `own`, the sequences are windows of a visitor's own table, and the
    chosen columns decide the number of features.
    """

    timesteps: Annotated[int, Field(ge=1, le=64)] = 10
    features: Annotated[int, Field(ge=1, le=16)] = 2
    lstm: Annotated[tuple[Units, ...], FailFast(), Field(min_length=1, max_length=3, title="LSTM units")] = (32,)
    dense: Annotated[tuple[DenseLayer, ...], FailFast(), Field(max_length=3, title="Dense layers")] = (DenseLayer(),)
    heads: Annotated[tuple[Head, ...], Field(min_length=1, max_length=64)] = (
        Head(name="level", task="level"),
        Head(name="trend", task="trend"),
    )
    own: OwnData | None = None

    @model_validator(mode="before")
    @classmethod
    def _has_the_chosen_columns(cls, values: Any) -> Any:
        own = values.get("own") if isinstance(values, dict) else None
        columns = own.columns if isinstance(own, OwnData) else own.get("columns") if isinstance(own, dict) else None
        return values | {"features": len(columns)} if isinstance(columns, list | tuple) else values

    @model_validator(mode="after")
    def _holds_together(self) -> Architecture:
        names: set[str] = set()
        source = self.source
        if source.columns and self.features > len(source.columns):
            raise InvalidSetting(f"{source.title} has 1 to {len(source.columns)} features", "features")
        for i, head in enumerate(self.heads):
            if self.own is not None:
                _check_target(self.own, head, i)
            elif head.spec.source is OWN:
                raise InvalidSetting(
                    f"head “{head.name}” (task {head.task}) needs a CSV file, but this experiment has none",
                    *("heads", i, "task"),
                )
            elif head.spec.source is not source:
                raise InvalidSetting(
                    f"head “{head.name}” (task {head.task}) is about {head.spec.source.sequences}, but the first head "
                    f"is about {source.sequences}; all heads read the same sequences",
                    *("heads", i, "task"),
                )
            if head.name in names:
                raise InvalidSetting(
                    f"two heads are named “{head.name}”; each head needs its own name", "heads", i, "name"
                )
            names.add(head.name)
            steps, features = head.spec.smallest_input(head.units)
            if self.timesteps < steps or self.features < features:
                raise InvalidSetting(
                    f"head “{head.name}” (task {head.task}, units: {head.units}) needs an input of at least "
                    f"{steps} × {features} (timesteps × features); this one is {self.timesteps} × {self.features}",
                    *("heads", i, "task"),
                )
        return self

    def unlabelled(self) -> Architecture:
        """The same architecture without labels, which are a visitor's free text and change no result."""
        return self.model_copy(update={"heads": tuple(head.model_copy(update={"label": ""}) for head in self.heads)})

    @property
    def source(self) -> Source:
        """Where the sequences come from. All tasks have the same source."""
        return self.own.source if self.own is not None else self.heads[0].spec.source

    @property
    def unroll(self) -> bool:
        """Whether the LSTM layers have `unroll=True`. The size decides, so both styles always agree."""
        return self.timesteps * len(self.lstm) <= MAX_UNROLLED_STEPS

    @property
    def trunk_units(self) -> int:
        """Units of the last shared layer, which every head reads."""
        return self.dense[-1].units if self.dense else self.lstm[-1]

    @property
    def output_units(self) -> int:
        """The number of output neurons of all heads together."""
        return sum(head.units for head in self.heads)


def _check_target(own: OwnData, head: Head, position: int) -> None:
    """Raise `InvalidSetting` unless the head at that position predicts something that the table has."""
    choice = own.choices.get(head.task)
    path = "heads", position
    if choice is None:
        raise InvalidSetting(f"the CSV has no target “{head.task}”", *path, "task", use=next(iter(own.choices)))
    if head.units != choice.units:
        units = counted(choice.units, "unit")
        raise InvalidSetting(f"{choice.title} has {units}", *path, "units", use=choice.units)
