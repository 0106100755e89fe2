"""Free text (a head's label), escaped for the library that draws it."""

from __future__ import annotations

import html
import re
import unicodedata

_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")
#: Where Streamlit would still find an address, an arrow or a dash after it has read the escapes.
_READ_LATE = re.compile(
    r"(?:(?<=http)|(?<=https))(?=\\:)|(?<=www)(?=\\\.)|(?=\\@)|(?<=[-<>~])(?=\\[-=>])", re.IGNORECASE
)
_ICON = re.compile(r":material/\w+:")
#: `:green[text]`, also with a style behind it; and `[text](link)`.
_COLOURED = re.compile(r":[a-z-]+\[([^\[\]]*)\](?:\{[^{}]*\})?")
_LINK = re.compile(r"(?<!\\)\[([^\[\]]*)\]\([^()]*\)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def one_line(text: str, limit: int = 60) -> str:
    """`text` in one line, without control and direction marks, its end replaced by “…” beyond `limit` characters."""
    line = " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def for_plotly(text: str, limit: int = 60) -> str:
    """`text` for a Plotly figure, which reads some HTML, entities and TeX in any text."""
    return html.escape(one_line(text, limit), quote=False).replace("$", "&#36;")


def for_markdown(text: str, limit: int = 200) -> str:
    """`text` for Streamlit's Markdown, with every special character escaped."""
    # Emoji and icon shortcodes are read after the escapes: an invisible word joiner separates the colon from its word.
    escaped = re.sub(r":(?=\w)", ":\u2060", _MARKDOWN.sub(r"\\\1", one_line(text, limit)))
    return _READ_LATE.sub("\u2060", escaped)


def spoken(markdown: str) -> str:
    """What a screen reader reads of Streamlit's Markdown: without colours, emphasis, links, icons and escapes."""
    plain = _COLOURED.sub(r"\1", _LINK.sub(r"\1", _ICON.sub("", markdown)))
    return " ".join(_ESCAPE.sub(r"\1", plain.replace("**", "").replace("`", "").replace("\u2060", "")).split())


def yes_no(value: bool, yes: str = "yes", no: str = "no") -> str:
    """A mark, a colour and a word (Streamlit's Markdown), so that a column of answers is read at a glance."""
    return f":green[✓ {yes}]" if value else f":red[✗ {no}]"
