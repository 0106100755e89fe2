"""A mistake in two scripts that a lesson's author wrote. A worker runs them if the operator allows the lesson's folder.

A script names what it shows in a variable: `answer = "the text of an option"`. If the first script ends with an
exception, that is the option “Keras raises an error”.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import replace
from pathlib import Path

from backend.questions.mistakes.base import SCRIPT_NAME, Mistake, OwnScripts, Script

#: The most bytes of a script.
MOST_BYTES = 20_000
#: Stands for every mistake of an author in the family of mistakes.
OWN = Mistake(
    key="own",
    title="",
    question="What do you expect?",
    options=(),
    settings=OwnScripts,
    misconceptions=(),
    ticked="",
    broken="",
    mended="",
)
_NOT_ALLOWED = (
    "These scripts are not run: the operator of this server has not allowed the scripts of this folder "
    "(`TWOHEADS_LESSONS_SCRIPTS`)."
)


class NoScripts(ValueError):
    """Scripts that cannot be run, with the reason in a sentence."""


def mistake_of(own: OwnScripts, texts: tuple[str, str] = ("", "")) -> Mistake:
    """The mistake of these scripts, which have these `texts`."""
    return replace(
        OWN, key=f"own-{own.scripts[0].digest[:12]}", title=own.title, options=own.options, ticked=own.ticked,
        misconceptions=("",) * len(own.options), broken=texts[0], mended=texts[1], scripts=own,
    )  # fmt: skip


def load(
    names: tuple[str, ...], folder: Path | None, allowed: Path | None, title: str, options: tuple[str, ...], ticked: str
) -> Mistake:
    """The mistake whose scripts have these names in the lesson's folder. Raises NoScripts.

    `allowed` is the folder whose scripts the operator allows.
    """
    if folder is None or not is_allowed(str(folder), allowed):
        raise NoScripts(_NOT_ALLOWED)
    path = os.path.realpath(folder)
    broken, mended = (_read(Path(path), name) for name in names)
    first, second = (
        Script(folder=path, name=name, digest=_digest(text)) for name, text in zip(names, (broken, mended), strict=True)
    )
    own = OwnScripts(scripts=(first, second), title=title, options=options, ticked=ticked)
    return mistake_of(own, (broken, mended))


def texts_of(scripts: tuple[Script, Script], allowed: Path | None) -> tuple[str, str]:
    """The texts of scripts that the operator allows, if they are still those that were read. Raises NoScripts."""
    if not all(is_allowed(script.folder, allowed) for script in scripts):
        raise NoScripts(_NOT_ALLOWED)
    return text_of(scripts[0]), text_of(scripts[1])


def text_of(script: Script) -> str:
    """The text of the script, if it is still the one that was read. Raises NoScripts."""
    text = _read(Path(script.folder), script.name)
    if _digest(text) != script.digest:
        raise NoScripts(f"The script {script.name} has changed. Load the page again.")
    return text


def is_allowed(folder: str, allowed: Path | None) -> bool:
    """Whether the operator allows the scripts of this folder."""
    return allowed is not None and os.path.realpath(folder) == os.path.realpath(allowed)


def _read(folder: Path, name: str) -> str:
    path = folder / name
    try:
        if not re.fullmatch(SCRIPT_NAME, name) or path.is_symlink() or not path.is_file():
            raise NoScripts(f"There is no script {name[:60]} beside the lesson.")
        if path.stat().st_size > MOST_BYTES:
            raise NoScripts(f"The script {name} is larger than {MOST_BYTES:,} bytes.")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise NoScripts(f"The script {name} cannot be read as UTF-8 text.") from None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
