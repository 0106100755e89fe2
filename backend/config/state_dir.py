"""Whether the server can keep its database in the folder `TWOHEADS_STATE_DIR`."""

from __future__ import annotations

import errno
import tempfile
from pathlib import Path

from backend.config.settings import Settings, variable

_REASONS = {
    errno.EACCES: "this server's user may not write to it",
    errno.EPERM: "this server's user may not write to it",
    errno.EROFS: "it is read-only",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the quota of this server's user is used up",
}


def unusable_sentence(settings: Settings) -> str | None:
    """A sentence if the database's folder cannot be used; None if it can, or if the database is elsewhere.

    Creates the folder if it is missing, as the database does at its first use.
    """
    if settings.database_url is not None:
        return None
    folder = settings.state_dir
    why = _why_not_created(folder) or _why_not_written(folder)
    if why is None:
        return None
    return (
        f"{variable('state_dir')}={str(folder)!r}: {why}. It takes a folder that the server may write to. "
        "Until it can be used, no run, no progress in lessons and no room is saved."
    )


def _why_not_created(folder: Path) -> str | None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError:
        return "it is a file"
    except NotADirectoryError:
        return "a folder above it is a file"
    except OSError as error:
        return f"it is missing and cannot be created ({(error.strerror or '').lower()})"
    return None


def _why_not_written(folder: Path) -> str | None:
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"two heads")
            file.flush()
    except OSError as error:
        return _REASONS.get(error.errno or 0, f"it cannot be written to ({(error.strerror or '').lower()})")
    return None
