"""The running server: how many browser tabs are connected. And where Streamlit's own files are.

Streamlit counts sessions for its own metrics and has no public function for them (1.67); its files have to be sent
compressed, and preloaded by name.
"""

from __future__ import annotations

from pathlib import Path

from streamlit.file_util import get_static_dir
from streamlit.runtime import get_instance
from streamlit.runtime.stats import ACTIVE_SESSIONS_FAMILY, GaugeStat


def sessions() -> int:
    """How many browser tabs are connected."""
    stats = get_instance().stats_mgr.get_stats([ACTIVE_SESSIONS_FAMILY])
    return sum(stat.value for stat in stats[ACTIVE_SESSIONS_FAMILY] if isinstance(stat, GaugeStat))


def static_folder() -> Path:
    """The folder with `index.html` and the files that it loads."""
    return Path(get_static_dir())
