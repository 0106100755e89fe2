"""Why a model is not read: one exception with a sentence for the visitor."""

from __future__ import annotations

#: What a visitor can do with a model that the app does not read.
AT_HOME = (
    "`python -m two_heads heads FILE` finds the heads on your own machine, in any model that Keras can load there."
)


class ModelRefused(ValueError):
    """A model that the app does not read. Its text is the reason, and what to do at home if that can help."""

    def __init__(self, reason: str, *, at_home: bool = True) -> None:
        super().__init__(f"{reason} {AT_HOME}" if at_home else reason)
        self.reason = reason
