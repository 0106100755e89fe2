"""The experiment: everything that decides a result. Its URL form is in `backend.experiment.url`."""

from __future__ import annotations

import hashlib
from typing import Any

from pydantic import field_validator

from backend.experiment.architecture import Architecture, Frozen, InvalidSetting
from backend.experiment.dataset import Sequences
from backend.experiment.styles import STYLES, Style
from backend.experiment.training import Training


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
        """The two styles that run: those chosen, or the nearest that can express the architecture."""
        return self._able(self.left), self._able(self.right)

    def unsupported_styles(self) -> list[str]:
        """A sentence for each chosen style that cannot express the architecture, with what is used in its place."""
        sentences = []
        for key in dict.fromkeys((self.left, self.right)):
            reason = STYLES[key].unsupported_reason(self.architecture)
            if reason:
                sentences.append(f"{reason} {self._able(key).title} is shown and trained in its place.")
        return sentences

    def _able(self, key: str) -> Style:
        style = STYLES[key]
        while style.unsupported_reason(self.architecture) and style.fallback:
            style = STYLES[style.fallback]
        return style

    def unlabelled(self) -> Experiment:
        """The same without the labels of its heads."""
        return self.model_copy(update={"architecture": self.architecture.unlabelled()})

    def key(self) -> str:
        """A short name of the result: equal experiments have equal keys, whatever their heads' labels."""
        settings: dict[str, Any] = self.unlabelled().model_dump(mode="json")
        return hashlib.sha256(repr(settings).encode()).hexdigest()[:16]
