"""The names of the two sides of a training: its styles, or the settings that it compares."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from backend.experiment.experiment import Experiment, remembered
from backend.experiment.optimizers import OPTIMIZERS
from backend.experiment.styles import STYLES
from backend.experiment.url import PARAMETERS, at, write_value
from two_heads.weightings import METHODS

_COMBINED = {"sum": "Sum", "mean": "Mean", "own": "Own weights"}


@remembered
def side_keys(experiment: Experiment) -> tuple[str, str]:
    """A name of each side: the key of its style, or its own settings as in a link, such as `batch=8`."""
    left, right = experiment.sides()
    if experiment.other is None:
        return left.style.key, right.style.key
    names = [name for name, value in experiment.versus if value is not None]
    return _settings(left.experiment, names), _settings(right.experiment, names)


def _settings(experiment: Experiment, names: list[str]) -> str:
    values = experiment.model_dump()
    own = {key: path for key, path in PARAMETERS.items() if path[-1] in names and path[0] != "versus"}
    pairs = [(key, write_value(path, at(values, path))) for key, path in own.items()]
    return urlencode(pairs, safe=":,")


def sources(experiment: Experiment) -> dict[str, str]:
    """The Keras source of each model that is trained, by its title. Settings that change no source share one."""
    left, right = experiment.sides()
    texts = [side.style.write(side.experiment.architecture) for side in (left, right)]
    titles = [side.style.title for side in (left, right)]
    if experiment.other is not None and texts[0] != texts[1]:
        titles = list(titles_of(experiment))
    return dict(zip(titles, texts, strict=True))


def titles_of(experiment: Experiment) -> tuple[str, str]:
    """The titles of both sides of a training."""
    return side_titles(*side_keys(experiment))


def is_style(key: str) -> bool:
    """Whether the name of a side is that of a style, and not of settings."""
    return key in STYLES


def side_titles(left: str, right: str) -> tuple[str, str]:
    """The titles of both sides, by their names. If both sides have the same style, each title names its side."""
    twin = left == right
    return side_title(left) + twin * " (left)", side_title(right) + twin * " (right)"


def side_title(key: str) -> str:
    """The title of one side, by its name: that of its style, or its settings in words."""
    if is_style(key):
        return STYLES[key].title
    pairs = dict(parse_qsl(key, keep_blank_values=True))
    if {"combine", "weights"} <= pairs.keys():  # weights are in use only with `own`, so they imply it
        pairs.pop("combine" if pairs["combine"] == "own" else "weights")
    words = ", ".join(_words(key, value) for key, value in pairs.items())
    return words[:1].upper() + words[1:]


def combined_title(combine: str) -> str:
    """The title of a way of combining the losses of the heads."""
    return METHODS[combine].title if combine in METHODS else _COMBINED[combine]


def _words(key: str, value: str) -> str:
    """A setting by the name of its value."""
    if key == "optimizer":
        return OPTIMIZERS[value].title
    if key == "learning_rate":
        return f"rate {value}"
    if key == "combine":
        return combined_title(value)
    if key == "weights":
        return f"weights {value.replace(',', ', ')}" if value not in ("", "none") else "equal weights"
    if key == "dense":
        return f"Dense {value.replace(':', ' ').replace(',', ', ')}"
    return f"{key} {value}"
