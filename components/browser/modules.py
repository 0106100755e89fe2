"""Joins ES modules into one script, which a page loads with one request and before anything else.

It understands what our modules use, and refuses everything else: imports of names, of a whole module or of its effects,
at the beginning of a file, and `export` before a function, a class or a constant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

_BLANK = re.compile(r"\s+|//[^\n]*|/\*.*?\*/", re.DOTALL)
_IMPORT = re.compile(r'import (?:\{(?P<names>[\w\s,]+)\} from |\* as (?P<whole>\w+) from )?"\./(?P<module>\w+)\.js"\n')
_NAME = re.compile(r"(\w+)(?: as (\w+))?")
_EXPORT = re.compile(r"^export ((?:(?:async )?function|class|const) (\w+))", re.MULTILINE)
_OTHER = re.compile(r"^\s*(?:import|export)\b|\bimport\s*[.(]", re.MULTILINE)
#: Whole lines: a comment before code of its line, such as a cast, stays.
_COMMENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*\*(?:(?!\*/).)*\*/[ \t]*)\n", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class _Module:
    """A file: its imports (module, destructuring pattern), the names they import, its exports, and the other text."""

    imports: list[tuple[str, str]]
    names: list[tuple[str, str]]
    exports: list[str]
    body: str


def join(files: Mapping[str, str], entry: str) -> str:
    """One script that runs the module `entry` after all that it imports, each once and in a scope of its own.

    `files` are the texts of the modules by their names without the suffix. Modules run in the order of the language:
    each after its imports, and these in the order of their lines. Lines that are comments are left out.

    Raises ValueError for a circle, an unknown module or name, and any form of import or export that is not understood.
    """
    modules: dict[str, _Module] = {}
    waiting = [entry]
    while waiting:
        name = waiting.pop()
        if name not in modules:
            if name not in files:
                raise ValueError(f"there is no module {name}.js")
            modules[name] = _parse(name, files[name])
            waiting += [module for module, _ in modules[name].imports]
    for name, module in modules.items():
        for other, wanted in module.names:
            if wanted not in modules[other].exports:
                raise ValueError(f"{name}.js: {other}.js does not export {wanted}")
    return (
        '"use strict"\n{\n'
        + "\n".join(_module_source(name, modules[name]) for name in _order(modules, entry))
        + "\n}\n"
    )


def _order(modules: Mapping[str, _Module], entry: str) -> list[str]:
    try:
        TopologicalSorter({name: [other for other, _ in each.imports] for name, each in modules.items()}).prepare()
    except CycleError as error:
        raise ValueError(f"a circle of imports: {' → '.join(error.args[1])}") from None
    done: dict[str, None] = {}

    def visit(name: str) -> None:
        if name not in done:
            for other, _ in modules[name].imports:
                visit(other)
            done[name] = None

    visit(entry)
    return list(done)


def _parse(name: str, text: str) -> _Module:
    imports: list[tuple[str, str]] = []
    names: list[tuple[str, str]] = []
    at = 0
    while match := _IMPORT.match(text, at) or _BLANK.match(text, at):
        at = match.end()
        if match.re is not _IMPORT:
            continue
        module = match["module"]
        pattern = match["whole"] or ""
        if match["names"]:
            pairs = [_parse_name(name, part) for part in match["names"].strip().rstrip(",").split(",")]
            names += [(module, wanted) for wanted, _ in pairs]
            pattern = "{ " + ", ".join(f"{wanted}: {own}" if own else wanted for wanted, own in pairs) + " }"
        imports.append((module, pattern))
    body = text[at:]
    exports = [match[2] for match in _EXPORT.finditer(body)]
    body = _EXPORT.sub(r"\1", body)
    if match := _OTHER.search(body):
        line = body[match.start() :].strip().splitlines()[0]
        raise ValueError(f"{name}.js: this import or export is not understood: {line}")
    return _Module(imports, names, exports, _COMMENT.sub("", body))


def _parse_name(name: str, part: str) -> tuple[str, str | None]:
    match = _NAME.fullmatch(part.strip())
    if match is None:
        raise ValueError(f"{name}.js: this name of an import is not understood: {part.strip()}")
    return match[1], match[2]


def _module_source(name: str, module: _Module) -> str:
    imports = "".join(f"const {pattern} = ${other}\n" for other, pattern in module.imports if pattern)
    exports = f"return {{ {', '.join(module.exports)} }}\n" if module.exports else ""
    return f"const ${name} = (() => {{\n{imports}{module.body.strip()}\n{exports}}})()"


def read(folder: Path) -> dict[str, str]:
    """The texts of the modules in `folder`, by their names without the suffix."""
    return {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.js")}
