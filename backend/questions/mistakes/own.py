"""A mistake in two scripts that a lesson's author wrote. A worker runs them if the operator allows the lesson's folder.

A script names what it shows in a variable: `answer = "the text of an option"`. If the first script ends with an
exception, that is the option “Keras raises an error”.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from backend.questions.mistakes.base import SCRIPT_NAME, Mistake, OwnScripts

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


def mistake_of(own: OwnScripts, texts: tuple[str, ...] = ("", "")) -> Mistake:
    """The mistake of these scripts, which have these `texts`."""
    return replace(
        OWN, key=f"own-{own.digest[:12]}", title=own.title, options=own.options, ticked=own.ticked,
        misconceptions=("",) * len(own.options), broken=texts[0], mended=texts[1], scripts=own,
    )  # fmt: skip


def load(
    names: tuple[str, ...], folder: Path | None, allowed: Path | None, title: str, options: tuple[str, ...], ticked: str
) -> Mistake:
    """The mistake whose scripts have these names in the lesson's folder. Raises NoScripts.

    `allowed` is the folder whose scripts the operator allows.
    """
    path = os.path.realpath(folder) if folder is not None else ""
    texts = _texts(path, names, allowed)
    digest = _digest(texts)
    return mistake_of(
        OwnScripts(folder=path, names=names, digest=digest, title=title, options=options, ticked=ticked), texts
    )


def texts_of(own: OwnScripts, allowed: Path | None) -> tuple[str, ...]:
    """The texts of scripts that the operator allows, if they are still those that were read. Raises NoScripts."""
    texts = _texts(own.folder, own.names, allowed)
    if _digest(texts) != own.digest:
        raise NoScripts("The scripts have changed. Load the page again.")
    return texts


def _texts(folder: str, names: Sequence[str], allowed: Path | None) -> tuple[str, ...]:
    if allowed is None or os.path.realpath(folder) != os.path.realpath(allowed):
        raise NoScripts(_NOT_ALLOWED)
    return tuple(_read(folder, name) for name in names)


def _read(folder: str, name: str) -> str:
    path = Path(folder) / name
    try:
        if not re.fullmatch(SCRIPT_NAME, name) or path.is_symlink() or not path.is_file():
            raise NoScripts(f"There is no script {name[:60]} beside the lesson.")
        if path.stat().st_size > MOST_BYTES:
            raise NoScripts(f"The script {name} is larger than {MOST_BYTES:,} bytes.")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise NoScripts(f"The script {name} cannot be read as UTF-8 text.") from None


def _digest(texts: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()
