"""A file that was made for a download is kept for at least half a minute.

A file that is made when its button is pressed belongs to no element. Streamlit may delete such a file when a run of any
session ends, before the browser has it. The same happens if a button was drawn again before its press.

Needs: `MediaFileManager.remove_orphaned_files`, which marks such a file at one call, and deletes it at the next.
No supported way: no option says how long a file is kept.
Measured: without it, the file is gone after two runs of other visitors; with it, it is not gone after a hundred.
Visitors would lose: a download on a busy server: its link says that there is no such file.
Checked on: Streamlit 1.67.0
Fails without it: test_a_file_that_was_made_for_a_download_outlives_the_runs_of_others
  in tests/components/streamlit_internals/test_media_files.py
Upstream: https://github.com/streamlit/streamlit/blob/1.67.0/lib/streamlit/runtime/media_file_manager.py
"""

from __future__ import annotations

import time
from weakref import WeakKeyDictionary

from streamlit.runtime.media_file_manager import MediaFileManager

#: Seconds between two cleanings.
EVERY = 30.0
_clean = MediaFileManager.remove_orphaned_files
_cleaned: WeakKeyDictionary[MediaFileManager, float] = WeakKeyDictionary()


def install() -> None:
    """Have unused files removed at most every half minute. Call this before the first session."""
    MediaFileManager.remove_orphaned_files = _clean_sometimes  # type: ignore[method-assign, assignment]


def _clean_sometimes(manager: MediaFileManager) -> None:
    now = time.monotonic()
    if now - _cleaned.get(manager, -EVERY) >= EVERY:
        _cleaned[manager] = now
        _clean(manager)
