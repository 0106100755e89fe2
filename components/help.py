"""The help of controls, from `help.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from backend.experiment.optimizers import default_rates
from backend.experiment.presets import LESSONS
from backend.experiment.styles import STYLES
from backend.questions.speed.sweep import MODES, STEPS_PER_EXECUTION


def text(key: str) -> str:
    """The help of a control by its key, or by that of the setting that it shows, as Markdown."""
    return _texts()[re.sub(r"\b\d+\b", "*", key)]


def button(
    key: str, words: str, on_click: Callable[..., Any], *args: object, icon: str = "", at: str = "", **options: Any
) -> None:
    """Draw a button with its help. `at` tells buttons of one key apart.

    `icon` is a Material symbol (":material/undo:"), and `options` are those of `st.button`.
    """
    st.button(
        words, key=f"{key}.{at}" if at else key, icon=icon or None, on_click=on_click,
        args=args, help=text(key), **options,
    )  # fmt: skip


@cache
def _texts() -> dict[str, str]:
    facts = {
        "keras": "https://keras.io/api/",
        "lessons": "\n".join(f"- **{name}**: {lesson}" for name, lesson in LESSONS.items()),
        "rates": default_rates(),
        "styles": "\n".join(f"- **{style.title}**: {style.description}" for style in STYLES.values()),
        "xla_heads": MODES["xla"].most_heads,
        "steps": STEPS_PER_EXECUTION,
    }
    texts = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {key: words.format(**facts) for key, words in texts.items()}
