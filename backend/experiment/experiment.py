"""The experiment: all settings that a result depends on. `backend.experiment.url` reads it from a URL and writes it."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

from pydantic import field_validator

from backend.experiment.architecture import Architecture, Frozen, InvalidSetting
from backend.experiment.dataset import Sequences
from backend.experiment.styles import STYLES, Style
from backend.experiment.training import Training
from two_heads.weightings import METHODS, MOST_HEADS, Weighting


class Experiment(Frozen):
    """Architecture, the two styles side by side, sequences and training settings."""

    architecture: Architecture = Architecture()
    left: str = "sequential"
    right: str = "functional"
    sequences: Sequences = Sequences()
    training: Training = Training()

    @field_validator("left", "right")
    @classmethod
    def _known_style(cls, value: str) -> str:
        if value not in STYLES:
            raise InvalidSetting(f"there is no style “{value[:40]}”; the styles are {', '.join(STYLES)}")
        return value

    def styles(self) -> tuple[Style, Style]:
        """The two styles that run: those chosen, or their fallbacks if they cannot express the architecture."""
        return _styles(self)

    def method(self) -> Weighting | None:
        """The method that combines the head losses of a style with several; None if Keras's loss weights do."""
        training, heads = self.training, len(self.architecture.heads)
        return METHODS[training.combine] if training.combine != training.weighted and heads <= MOST_HEADS else None

    def method_of(self, style: Style) -> Weighting | None:
        """The method that `style` trains with: none in a style with one loss."""
        return None if style.one_output(self.architecture) else self.method()

    def unsupported_method(self) -> str:
        """Why the chosen method is not used, and what is used in its place, in a sentence; empty if it is used."""
        training = self.training
        if training.combine == training.weighted or self.method():
            return ""
        title = METHODS[training.combine].title
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
        style = STYLES[key]
        while style.unsupported_reason(self.architecture) and style.fallback:
            style = STYLES[style.fallback]
        return style

    def unlabelled(self) -> Experiment:
        """The same experiment without the labels of its heads."""
        return self.model_copy(update={"architecture": self.architecture.unlabelled()})

    def key(self) -> str:
        """A short key of the result. Neither the heads' labels nor loss weights that are not in use change it."""
        return _key(self)


@lru_cache(maxsize=1024)  # a page asks for the same styles, and the same key, several times
def _styles(experiment: Experiment) -> tuple[Style, Style]:
    return experiment._supported(experiment.left), experiment._supported(experiment.right)


@lru_cache(maxsize=1024)
def _key(experiment: Experiment) -> str:
    settings: dict[str, Any] = experiment.unlabelled().model_dump(mode="json")
    if experiment.training.combine != "own":
        settings["training"]["weights"] = []
    return hashlib.sha256(repr(settings).encode()).hexdigest()[:16]
