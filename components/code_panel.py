"""Source with syntax colours, and what a script prints; the lines that differ from the other side are marked.

`st.code` would load a highlighter of 447 KB.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from typing import Any

from pygments.lexers import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, String

from components import browser

_LAYER = re.compile(r"(?:layers\.\w+|keras\.Input)\((?:[^()]|\([^()]*\))*\)")
_KINDS = ((Comment, "comment"), (Keyword, "keyword"), (String, "string"), (Number, "number"), (Name.Class, "class"))


def show(title: str, source: str, differing: Collection[int] = (), *, key: str) -> None:
    """Draw Python; `differing` holds the indices of its marked lines. `title` names it for a screen reader."""
    lines = [{"tokens": line, "differs": i in differing} for i, line in enumerate(tokens(source))]
    browser.mount("code", {"title": title, "source": source, "lines": lines}, key=key)


def show_output(title: str, text: str, *, whole: bool = False, key: str) -> None:
    """Draw what a program has written. Lines that stay `whole`, as those of a table, are scrolled by the reader."""
    lines = [{"tokens": [["", line]], "differs": False} for line in text.splitlines()]
    browser.mount("code", {"title": title, "source": text, "lines": lines, "whole": whole}, key=key)


def differences(left: str, right: str) -> tuple[set[int], set[int]]:
    """Indices of the lines in each source that differ from the other source.

    A line that constructs a layer is compared by the layer alone: it is the same in a list, called on a tensor or
    stored as an attribute. Empty lines never differ.
    """
    a, b = [_layer_or_line(line) for line in left.splitlines()], [_layer_or_line(line) for line in right.splitlines()]
    only_left: set[int] = set()
    only_right: set[int] = set()
    for kind, a0, a1, b0, b1 in difflib.SequenceMatcher(a=a, b=b, autojunk=False).get_opcodes():
        if kind != "equal":
            only_left.update(i for i in range(a0, a1) if a[i])
            only_right.update(i for i in range(b0, b1) if b[i])
    return only_left, only_right


def differing_layers(left: str, right: str) -> tuple[set[int], set[int]]:
    """Indices of the lines that construct a layer that the other source has not; if there are none, all differences."""
    found = differences(left, right)
    texts = (left.splitlines(), right.splitlines())
    layers = tuple({i for i in own if _LAYER.search(lines[i])} for own, lines in zip(found, texts, strict=True))
    return (layers[0], layers[1]) if any(layers) else found


def _layer_or_line(line: str) -> str:
    """The layer that a line constructs, or the line itself."""
    layer = _LAYER.search(line)
    return layer[0] if layer else line.strip()


def tokens(source: str) -> list[list[list[str]]]:
    """The lines of the source, each a list of [kind, text] pairs. Text without a colour has an empty kind."""
    lines: list[list[list[str]]] = [[]]
    for token, text in PythonLexer().get_tokens(source):
        kind: Any = next((name for parent, name in _KINDS if token in parent), "")
        for i, part in enumerate(text.split("\n")):
            if i:
                lines.append([])
            if part:
                lines[-1].append([kind, part])
    while lines and not lines[-1]:
        lines.pop()
    return lines
