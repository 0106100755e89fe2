"""The settings of an experiment as a table, and in which of them several experiments differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.experiment.experiment import Experiment
from backend.experiment.optimizers import OPTIMIZERS
from backend.experiment.sides import side_keys, side_titles
from backend.experiment.styles import STYLES, Style
from two_heads.weightings import METHODS

#: Titles of settings whose names on pages differ from those of their fields.
_TITLES = {
    "left": "Style on the left",
    "right": "Style on the right",
    "lstm": "LSTM units",
    "dense": "Dense layers",
    "samples": "Sequences",
    "sequences.seed": "Data seed",
    "relatedness": "Relatedness ρ",
    "noise": "Noise of each head",
    "scale": "Scale of each head",
    "combine": "Head losses combine by",
    "weights": "Loss weights",
    "validation": "Validation share",
    "same_start": "Same initial weights",
    "seeds": "Number of seeds",
    "batch": "Batch size",
}
#: Stands for a setting that an experiment does not have, such as those of a third head.
MISSING = "–"


@dataclass(frozen=True)
class Setting:
    """A setting's title, and its value in each experiment as text."""

    title: str
    values: tuple[str, ...]


def varying(experiments: Sequence[Experiment]) -> list[Setting]:
    """The settings in which the experiments differ, in the order of the sidebar; empty if all have the same result.

    Labels are not compared, and loss weights only if they are in use.
    """
    tables = [settings_of(each) for each in experiments]
    titles = list(dict.fromkeys(title for table in tables for title in table))
    rows = (Setting(title, tuple(table.get(title, MISSING) for table in tables)) for title in titles)
    return [row for row in rows if len(set(row.values)) > 1]


def settings_of(experiment: Experiment) -> dict[str, str]:
    """Every setting that decides the result, title → value as text. It has no labels."""
    settings: dict[str, Any] = experiment.unlabelled().model_dump(mode="json")
    architecture, training = settings["architecture"], settings["training"]
    heads, own = architecture.pop("heads"), architecture.pop("own")
    if experiment.training.combine != "own":
        training.pop("weights")
    sides = experiment.sides()
    trained = sides[0].experiment.training
    training |= {"same_start": trained.same_start, "combine": trained.combine}
    chosen = (experiment.left, experiment.right) if experiment.other is None else (experiment.right,) * 2
    groups: dict[str, Mapping[str, Any]] = {
        "": {name: _style(key, side.style) for name, key, side in zip(("left", "right"), chosen, sides, strict=True)},
        "architecture": architecture,
        "sequences": settings["sequences"],
        "training": training,
    }
    table = {
        _title(group, name): _text(name, value) for group, values in groups.items() for name, value in values.items()
    }
    if experiment.other is not None:
        table["Compared settings"] = " and ".join(side_titles(*side_keys(experiment)))
    table["Data"] = experiment.architecture.source.title
    if own is not None:
        columns = ", ".join(str(column + 1) for column in own["columns"])
        table |= {"CSV file": own["table"][:8], "Features: columns": columns, "Horizon in rows": str(own["horizon"])}
    table["Heads"] = str(len(heads))
    for number, head in enumerate(heads, 1):
        head.pop("label")
        table |= {f"Head {number}: {name.replace('_', ' ')}": _text(name, value) for name, value in head.items()}
    return table


def _style(chosen: str, trained: Style) -> str:
    """The style of a side. One that cannot express the heads was not trained."""
    title = STYLES[chosen].title
    return title if trained.key == chosen else f"{title} (trained as {trained.title})"


def _title(group: str, name: str) -> str:
    return _TITLES.get(f"{group}.{name}") or _TITLES.get(name) or name.replace("_", " ").capitalize()


def _text(name: str, value: Any) -> str:
    if name == "optimizer":
        return OPTIMIZERS[value].title
    if name == "combine" and value in METHODS:
        return METHODS[value].title
    if name == "dense":
        return ", ".join(f"{layer['units']} {layer['activation']}" for layer in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or ("none" if name in ("lstm", "hidden") else "as usual")
    return f"{value:,}" if isinstance(value, int) and name == "samples" else str(value)
