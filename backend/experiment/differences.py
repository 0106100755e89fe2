"""The settings of an experiment in words, and in which of them experiments differ: "batch size 32, optimizer Adam"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backend.experiment.architecture import Head
from backend.experiment.experiment import Experiment, remembered
from backend.experiment.optimizers import OPTIMIZERS
from backend.experiment.sides import combined_title, titles_of
from backend.experiment.sources import OWN
from backend.experiment.styles import STYLES, Style
from backend.experiment.url import PARAMETERS, at, text_of
from backend.words import counted, minus, short, shortened
from backend.words.schema import schema_at

#: Stands for a setting that an experiment does not have, such as those of a third head.
MISSING = "–"
#: The most heads that a phrase names.
_MOST_NAMED = 4


def differences(experiment: Experiment, other: Experiment) -> list[str]:
    """The settings of `experiment` that differ from those of `other`, one short phrase each.

    The list is empty if and only if both have the same result, that is, the same `key()`.
    """
    rows = {title: values[0] for title, values in varying([experiment, other]).items()}
    if experiment.left == other.left or experiment.other is not None or other.other is not None:
        rows.pop("Style on the left", None)  # if settings are compared, both sides have the style on the right
    if experiment.right == other.right:
        rows.pop("Style on the right", None)
    phrases = [
        f"{title if title[1].isupper() else title.lower()} {text}"
        for title, text in rows.items()
        if text != MISSING and not title.startswith("Head")
    ]
    if any(title.startswith("Head") for title in rows):
        phrases.append(_of_heads(experiment.unlabelled().architecture.heads, other.unlabelled().architecture.heads))
    return phrases or ["two styles"] * bool(rows)


def _of_heads(heads: Sequence[Head], others: Sequence[Head]) -> str:
    """The heads, if the others have other names, or those whose settings differ."""
    names = [head.name for head in heads]
    if names != [head.name for head in others]:
        return f"{counted(len(heads), 'head')} ({shortened(names, _MOST_NAMED)})"
    changed = [head.name for head, before in zip(heads, others, strict=True) if head != before]
    return f"other settings of {shortened(changed, _MOST_NAMED)}"


def varying(experiments: Sequence[Experiment]) -> dict[str, tuple[str, ...]]:
    """The settings in which the experiments differ, in the order of the sidebar: title → its value in each, as text.

    Empty if all have the same result. Labels are not compared, and loss weights only if they are in use.
    """
    tables = [settings_of(each) for each in experiments]
    titles = dict.fromkeys(title for table in tables for title in table)
    rows = {title: tuple(table.get(title, MISSING) for table in tables) for title in titles}
    return {title: values for title, values in rows.items() if len(set(values)) > 1}


def training_words(experiment: Experiment) -> str:
    """What decides the steps of a training, in short: "Adam, rate 0.003 · batch 32 · 20 epochs · sum of the losses".

    A setting that is compared has both its values.
    """
    sides = [_steps(side.experiment) for side in experiment.sides()]
    return " · ".join(" and ".join(dict.fromkeys(values)) for values in zip(*sides, strict=True))


def _steps(experiment: Experiment) -> tuple[str, ...]:
    training, heads = experiment.training, experiment.architecture.heads
    combined = {"sum": "sum of the losses", "mean": "mean of the losses"}.get(training.combine)
    if training.combine == "own":
        weights = zip(heads, training.loss_weights(experiment.architecture), strict=True)
        combined = "loss weights " + shortened(
            (f"{head.name} {short(weight)}" for head, weight in weights), _MOST_NAMED
        )
    return (
        f"{OPTIMIZERS[training.optimizer].title}, rate {text_of(training.learning_rate)}",
        f"batch {training.batch}",
        counted(training.epochs, "epoch") + f", {training.seeds} seeds" * (training.seeds > 1),
        combined or f"losses combined by {combined_title(training.combine)}",
    )


@remembered
def settings_of(experiment: Experiment) -> dict[str, str]:
    """Every setting that decides the result, title → value as text. It has no labels."""
    settings: dict[str, Any] = experiment.unlabelled().model_dump(mode="json")
    sides, own = experiment.sides(), experiment.architecture.own
    trained = sides[0].experiment.training
    settings["training"] |= {"same_start": trained.same_start, "combine": trained.combine}
    chosen = (experiment.left, experiment.right) if experiment.other is None else (experiment.right,) * 2
    styles = {name: _style(key, side.style) for name, key, side in zip(("left", "right"), chosen, sides, strict=True)}
    unused = {OWN.key} if experiment.training.combine == "own" else {OWN.key, "weights"}
    table = {
        schema_at(Experiment, PARAMETERS[key])["title"]: styles.get(key) or _text(key, at(settings, PARAMETERS[key]))
        for key in dict.fromkeys((*styles, *PARAMETERS))
        if PARAMETERS[key][0] != "versus" and key not in unused
    }
    if experiment.other is not None:
        table["Compared settings"] = " and ".join(titles_of(experiment))
    table["Data"] = experiment.architecture.source.title
    if own is not None:
        columns = ", ".join(str(column + 1) for column in own.columns)
        table |= {"CSV file": own.table.id[:8], "Features: columns": columns, "Horizon in rows": str(own.horizon)}
    heads = settings["architecture"]["heads"]
    table["Heads"] = str(len(heads))
    for number, head in enumerate(heads, 1):
        head.pop("label")
        table |= {f"Head {number}: {_spaced(name)}": _text(name, value) for name, value in head.items()}
    return table


def _style(chosen: str, trained: Style) -> str:
    """The style of a side. One that cannot express the heads was not trained."""
    title = STYLES[chosen].title
    return title if trained.key == chosen else f"{title} (trained as {trained.title})"


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _text(name: str, value: Any) -> str:
    if name == "optimizer":
        return OPTIMIZERS[value].title
    if name == "combine":
        return combined_title(value)
    if name == "dense":
        return ", ".join(f"{layer['units']} {layer['activation']}" for layer in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(text_of, value)) or ("none" if name == "hidden" else "as usual")
    return f"{value:,}" if name == "samples" else minus(text_of(value))
