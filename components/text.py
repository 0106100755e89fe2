"""Free text (a head's label) made harmless for what draws it; and seconds in words."""

from __future__ import annotations

import html
import re
import time
import unicodedata

_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")


def one_line(text: str, limit: int = 60) -> str:
    """`text` in one line, without control and direction marks, its end replaced by “…” beyond `limit` characters."""
    line = " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def for_plotly(text: str, limit: int = 60) -> str:
    """`text` for a Plotly figure, which reads some HTML, entities and TeX in any text."""
    return html.escape(one_line(text, limit), quote=False).replace("$", "&#36;")


def for_markdown(text: str, limit: int = 200) -> str:
    """`text` for Streamlit's Markdown, with every mark that could mean something escaped."""
    # Emoji and icon shortcodes are read after the escapes: an invisible word joiner parts the colon from its word.
    return re.sub(r":(?=\w)", ":\u2060", _MARKDOWN.sub(r"\\\1", one_line(text, limit)))


def about(seconds: float) -> str:
    """So many seconds in words."""
    if seconds < 1.5:
        return "about a second"
    if seconds < 90:
        return f"about {seconds:.0f} seconds"
    return f"about {seconds / 60:.0f} minutes" if seconds < 5400 else f"about {seconds / 3600:.0f} hours"


def ago(moment: float) -> str:
    """How long ago `moment` was, in seconds since the epoch."""
    seconds = time.time() - moment
    return "just now" if seconds < 60 else f"{about(seconds).removeprefix('about ')} ago"
