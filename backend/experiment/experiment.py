"""The experiment: all settings that a result depends on. `backend.experiment.url` reads it from a URL and writes it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, NamedTuple, TypeVar

from pydantic import Field, field_validator, model_validator

from backend.experiment.architecture import Architecture, Frozen, Head, InvalidSetting
from backend.experiment.dataset import FEWEST, Sequences
from backend.experiment.names import first_name
from backend.experiment.sources import Source
from backend.experiment.styles import STYLES, Style, nearest_style
from backend.experiment.training import Training, Versus
from backend.words import counted
from two_heads.weightings import METHODS, MOST_HEADS, Weighting

T = TypeVar("T")


def remembered(function: Callable[[Experiment], T]) -> Callable[[Experiment], T]:
    """Keep the results for 1,024 experiments, because a page asks for the same several times.

    Experiments on a visitor's own table are left out: they would keep its numbers in memory.
    """
    cached = lru_cache(maxsize=1024)(function)

    @wraps(function)
    def call(experiment: Experiment) -> T:
        return cached(experiment) if experiment.architecture.own is None else function(experiment)

    return call


class Side(NamedTuple):
    """One side of a training: its style, and its settings as an experiment whose `other` is None."""

    experiment: Experiment
    style: Style

    @property
    def method(self) -> Weighting | None:
        """The method that combines the head losses of this side; None if Keras's loss weights do."""
        return self.experiment.method_of(self.style)


class Experiment(Frozen):
    """Architecture, the two styles side by side, sequences and training settings.

    With `versus`, a training compares two settings in place of two styles: both sides have the style `right` and the
    same initial weights, and the right side has the settings of `versus`.
    """

    architecture: Architecture = Architecture()
    left: str = Field("sequential", title="Style on the left")
    right: str = Field("functional", title="Style on the right")
    sequences: Sequences = Sequences()
    training: Training = Training()
    versus: Versus = Versus()

    @field_validator("left", "right")
    @classmethod
    def _known_style(cls, value: str) -> str:
        if value not in STYLES:
            raise InvalidSetting(f"there is no style “{value[:40]}”; the styles are {', '.join(STYLES)}")
        return value

    @model_validator(mode="after")
    def _has_equal_shapes(self) -> Experiment:
        if self.versus.dense is not None:
            mine, other = ([layer.units for layer in each] for each in (self.architecture.dense, self.versus.dense))
            if mine != other:
                units = ", ".join(map(str, mine)) or "none"
                raise InvalidSetting(
                    "both sides start from the same weights, so only the activations of the Dense layers may differ, "
                    f"and not their units ({units})",
                    *("versus", "dense"),
                )
        return self

    @model_validator(mode="after")
    def _fits_its_recording(self) -> Experiment:
        source, sequences = self.architecture.source, self.sequences
        if source.recorded:
            timesteps, unit = self.architecture.timesteps, source.unit
            one = unit.removesuffix("s")
            if timesteps > (longest := source.most_timesteps(FEWEST)):
                raise InvalidSetting(
                    f"{source.title} has {source.rows:,} {unit}, so sequences that predict "
                    f"{counted(source.horizon, one)} ahead can have at most {counted(longest, 'timestep')}",
                    *("architecture", "timesteps"),
                    use=longest,
                )
            most = source.most_sequences(timesteps)
            if sequences.samples > most:
                raise InvalidSetting(
                    f"{source.title} has {source.rows:,} {unit}, so an experiment can have at most {most:,} sequences "
                    f"of {counted(timesteps, one)}",
                    *("sequences", "samples"),
                    use=most,
                )
            for name, what in (("noise", "added noise"), ("seed", "data seed")):
                if getattr(sequences, name) != Sequences.model_fields[name].default:
                    raise InvalidSetting(f"{source.title} is recorded and has no {what}", "sequences", name)
        return self

    @property
    @remembered
    def other(self) -> Experiment | None:
        """The settings of the right side, if a training compares two settings; None if it compares two styles.

        It is None, too, if the right side's settings have the same result as the left side's.
        """
        changes = {name: value for name, value in self.versus if value is not None}
        if not changes:
            return None
        left = self.of_settings()
        dense = changes.pop("dense", left.architecture.dense)
        right = left.model_copy(
            update={
                "architecture": left.architecture.model_copy(update={"dense": dense}),
                "training": left.training.model_copy(update=changes),
            }
        )
        trained = _trained(right)
        return trained if trained.key() != _trained(left).key() else None

    def sides(self) -> tuple[Side, Side]:
        """What trains on the left and on the right."""
        left, right = self.styles()
        if self.other is None:
            return Side(self, left), Side(self, right)
        return Side(_trained(self.of_settings()), right), Side(self.other, right)

    @property
    def noun(self) -> str:
        """What a training compares: a "style" or a "setting"."""
        return "style" if self.other is None else "setting"

    def of_styles(self) -> Experiment:
        """The same experiment without other settings on the right: it compares the two styles."""
        return self.model_copy(update={"versus": Versus()})

    def of_settings(self) -> Experiment:
        """The left side's settings, in the style that both sides have if a training compares settings."""
        return self.with_training(same_start=True).model_copy(update={"versus": Versus(), "left": self.right})

    @property
    def parts(self) -> tuple[int, int]:
        """The numbers of training sequences, which come first, and of validation sequences."""
        return self.training.split(self.sequences.samples)

    @remembered
    def styles(self) -> tuple[Style, Style]:
        """The two styles that run: those chosen, or their fallbacks if they cannot express the architecture."""
        return self._supported(self.left), self._supported(self.right)

    def method(self) -> Weighting | None:
        """The method that combines the head losses of a style with several; None if Keras's loss weights do."""
        training, heads = self.training, len(self.architecture.heads)
        return METHODS[training.combine] if training.combine != training.weighted and heads <= MOST_HEADS else None

    def method_of(self, style: Style) -> Weighting | None:
        """The method that `style` trains with: none in a style with one loss."""
        return None if style.one_output(self.architecture) else self.method()

    def unsupported_method(self) -> str:
        """Why the chosen method is not used, and what is used in its place, in a sentence; empty if it is used."""
        chosen = (self.training.combine, self.versus.combine)
        title = next((METHODS[key].title for key in chosen if key in METHODS), "")
        if not title or len(self.architecture.heads) <= MOST_HEADS:
            return ""
        return f"{title} takes at most {MOST_HEADS} heads. The sum of the losses is used in its place."

    def unsupported_styles(self) -> list[str]:
        """A sentence for each chosen style that cannot express the architecture, with what is used in its place."""
        sentences = []
        for key in dict.fromkeys((self.left, self.right)):
            reason = STYLES[key].unsupported_reason(self.architecture)
            if reason:
                sentences.append(f"{reason} {self._supported(key).title} is shown and trained in its place.")
        return sentences

    def _supported(self, key: str) -> Style:
        return nearest_style(key, self.architecture)

    def with_training(self, **settings: Any) -> Experiment:
        """The experiment with other settings of its training."""
        return self.model_copy(update={"training": self.training.model_copy(update=settings)})

    def unlabelled(self) -> Experiment:
        """The same experiment without the labels of its heads."""
        return self.model_copy(update={"architecture": self.architecture.unlabelled()})

    @remembered
    def key(self) -> str:
        """A short key of the result. Neither the heads' labels nor loss weights that are not in use change it."""
        if self.other is not None:
            both = (side.experiment.key() for side in self.sides())
            return hashlib.sha256(" ".join(both).encode()).hexdigest()[:16]
        settings: dict[str, Any] = self.unlabelled().model_dump(mode="json", exclude={"versus"})
        if self.architecture.own is None:
            del settings["architecture"]["own"]  # so that keys stay as they were before tables existed
        for head in settings["architecture"]["heads"]:
            head["task"] = first_name(head["task"])
        if self.training.combine != "own":
            settings["training"]["weights"] = []
        return hashlib.sha256(repr(settings).encode()).hexdigest()[:16]


def usual(source: Source) -> Experiment:
    """The default experiment of a source."""
    heads = tuple(usual_head(source, task) for task in source.tasks)
    timesteps: int = Architecture.model_fields["timesteps"].default
    if source.recorded:
        timesteps = min(timesteps, source.most_timesteps(FEWEST))
    architecture = Architecture(timesteps=timesteps, features=source.features, heads=heads, own=source.own)
    most: int = Sequences.model_fields["samples"].default
    if source.recorded:
        most = min(most, source.most_sequences(timesteps))
    return Experiment(architecture=architecture, sequences=Sequences(samples=most))


def usual_head(source: Source, task: str) -> Head:
    """The usual head for a task of a source."""
    choice = source.own.choices.get(task) if source.own else None
    return Head.for_task(task, name=choice.name, units=choice.units) if choice else Head.for_task(task)


def _trained(experiment: Experiment) -> Experiment:
    """The experiment as it is trained: without a method that takes fewer heads than it has."""
    training = experiment.training
    if experiment.method() or training.combine == training.weighted:
        return experiment
    return experiment.with_training(combine=training.weighted)
