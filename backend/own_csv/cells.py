"""What the cells of a visitor's file have in common: which ones are gaps, and how one is quoted."""

from __future__ import annotations

import re
import unicodedata

MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "#n/a", "-", "?"})
_SPACE = re.compile(r"\s+")


class Unreadable(ValueError):
    """Why a file is not read, in sentences. They may quote the file, so a page must not show them as Markdown."""


def plain(name: str) -> str:
    """A text on one line, without invisible characters."""
    shown = (char if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn") else " " for char in name)
    return _SPACE.sub(" ", unicodedata.normalize("NFC", "".join(shown))).strip()


def where(row: int, name: str) -> str:
    """A cell by its row and column, at the beginning of a sentence."""
    return f"Row {row:,}, column “{name}”"


def quoted(cell: str) -> str:
    """What is in a cell, cut after some characters."""
    text = plain(cell[:80])
    return f"“{text}”" if len(text) <= 20 else f"“{text[:20]}…”"
