"""The text of our own functions and modules as a script shows it (`two_heads.function_text`), and files of the app."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from two_heads.function_text import (
    Function,
    source_of,
    text_of,
    with_constants,
    with_helpers,
    without_annotations,
)

__all__ = ["Function", "source_of", "source_of_file", "with_constants", "with_helpers", "without_annotations"]

_ROOT = Path(__file__).parents[2]


@cache
def source_of_file(path: str, *names: str, package: str = "backend") -> str:
    """The text of functions and classes of a file of a package, such as "lab/steps.py", without type annotations.

    The server shows parts of files that import Keras, which it must not import itself.
    """
    text = (_ROOT / package / path).read_text(encoding="utf-8")
    members = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    texts = {node.name: text_of(node, text.splitlines()) for node in members}
    return "\n\n".join(without_annotations(texts[name]) for name in names)
