"""The folders of the settings that cannot be used, in sentences for the operator."""

from __future__ import annotations

import tempfile
from pathlib import Path

from backend.config.settings import Settings, variable


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
    for name, lost in {"lessons": "its lessons are missing", "lessons_scripts": "no script of a lesson is run"}.items():
        given: Path | None = getattr(settings, name)
        if given is not None and not given.is_dir():
            sentences.append(
                f"{variable(name)}={str(given)!r}: there is no such folder. It takes a folder of lessons. "
                f"Until it can be used, {lost}."
            )
    return sentences


def _why_unusable(folder: Path) -> str | None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"two heads")
            file.flush()
    except OSError as error:
        return f"it cannot be written to ({error.strerror})"
    return None
