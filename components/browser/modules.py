"""Joins ES modules into one script, which a page loads with one request and before anything else.

It knows the forms that our modules use: imports of names, of a whole module or of its effects, and `export` before a
function, a class or a constant. `.ci/javascript` checks that each import finds its name and that none leads round.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

_IMPORT = re.compile(r'^import (?:(\{[^}]+\}|\* as \w+) from )?"\./(\w+)\.js"\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
#: Whole lines: a comment before code of its line, such as a cast, stays.
_COMMENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*\*(?:(?!\*/).)*\*/[ \t]*)\n", re.MULTILINE | re.DOTALL)


def join(files: Mapping[str, str], entry: str) -> str:
    """One script that runs the module `entry` after all that it imports, each once and in a scope of its own.

    `files` are the texts of the modules by their names without the suffix. Modules run in the order of the language:
    each after its imports, and these in the order of their lines. Lines that are comments are left out.
    """
    joined: dict[str, str] = {}

    def add(name: str) -> None:
        text = _COMMENT.sub("", files[name])
        for _, other in _IMPORT.findall(text):
            if other not in joined:
                add(other)
        body = _EXPORT.sub(r"\1", _IMPORT.sub(_constant, text)).strip()
        exports = ", ".join(name for _, name in _EXPORT.findall(text))
        joined[name] = f"const ${name} = (() => {{\n{body}\nreturn {{ {exports} }}\n}})()\n"

    add(entry)
    return '"use strict"\n{\n' + "".join(joined.values()) + "}\n"


def _constant(found: re.Match[str]) -> str:
    names, module = found.groups()
    return f"const {names.removeprefix('* as ').replace(' as ', ': ')} = ${module}\n" if names else ""


def read(folder: Path) -> dict[str, str]:
    """The texts of the modules in `folder`, by their names without the suffix."""
    return {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.js")}
