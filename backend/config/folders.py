"""The folders of the settings that cannot be used, in sentences for the operator."""

from __future__ import annotations

import errno
import tempfile
from pathlib import Path

from backend.config.settings import Settings, variable

_REASONS = {
    errno.EEXIST: "it is a file",
    errno.ENOTDIR: "a folder above it is a file",
    errno.EACCES: "this server's user may not write to it",
    errno.EPERM: "this server's user may not write to it",
    errno.EROFS: "it is read-only",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the quota of this server's user is used up",
}


def unusable_folders(settings: Settings) -> list[str]:
    """A sentence for each folder that cannot be used now. The server runs without it, until it can be used.

    Creates the database's folder if it is missing, as the database does at its first use.
    """
    sentences = []
    if settings.database_url is None:
        folder = settings.state_dir
        if why := _why_unusable(folder):
            sentences.append(
                f"{variable('state_dir')}={str(folder)!r}: {why}. It takes a folder that the server may write to. "
                "Until it can be used, no run, no progress in lessons and no room is saved."
            )
    for name, lost in (
        ("lessons", "its lessons are missing"),
        ("lessons_scripts", "no script of a lesson is run"),
    ):
        given: Path | None = getattr(settings, name)
        if given is not None and not given.is_dir():
            why = "it is a file" if given.exists() else "there is no such folder"
            sentences.append(
                f"{variable(name)}={str(given)!r}: {why}. It takes a folder of lessons. Until it can be used, {lost}."
            )
    return sentences


def _why_unusable(folder: Path) -> str | None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"two heads")
            file.flush()
    except OSError as error:
        return _REASONS.get(error.errno or 0, f"it cannot be written to ({(error.strerror or '').lower()})")
    return None
