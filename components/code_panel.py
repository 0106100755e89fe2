"""Keras source with syntax colours; the lines that differ from the other side are marked."""

from __future__ import annotations

import difflib
import re
from typing import Any

import streamlit as st
from pygments.lexers import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, String

_CSS = """
.frame { position: relative; border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius);
  background: var(--st-code-background-color); color: var(--st-code-text-color); }
pre { margin: 0; padding: 0.75rem 0; overflow-x: auto; font-family: var(--st-code-font);
  font-size: var(--st-code-font-size); line-height: 1.55; }
.line { display: block; padding: 0 0.9rem; width: max-content; min-width: 100%; box-sizing: border-box;
  border-left: 3px solid transparent; white-space: pre; }
.differs { background: color-mix(in srgb, var(--st-primary-color) 16%, transparent);
  border-left-color: var(--st-primary-color); }
.keyword { color: var(--st-violet-text-color); }
.string { color: var(--st-green-text-color); }
.number { color: var(--st-blue-text-color); }
.comment { color: var(--st-gray-text-color); }
.class { font-weight: 600; }
button { position: absolute; top: 0.4rem; right: 0.4rem; font: inherit; font-size: 0.75rem; cursor: pointer;
  padding: 0.15rem 0.55rem; color: var(--st-text-color); background: var(--st-secondary-background-color);
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius); }
button:focus-visible { outline: 2px solid var(--st-primary-color); }
"""

_HTML = """<div class="frame">
  <pre tabindex="0" role="region"></pre>
  <button type="button">Copy</button>
</div>"""

# Text reaches the page as text nodes only.
_JS = """
export default function ({ data, parentElement }) {
  const pre = parentElement.querySelector("pre")
  pre.setAttribute("aria-label", data.title)
  pre.replaceChildren(...data.lines.map((line) => {
    const row = document.createElement("span")
    row.className = line.differs ? "line differs" : "line"
    for (const [kind, text] of line.tokens) {
      const part = document.createElement("span")
      part.className = kind
      part.textContent = text
      row.append(part)
    }
    row.append("\\n")
    return row
  }))
  const button = parentElement.querySelector("button")
  button.setAttribute("aria-label", `Copy ${data.title}`)
  button.onclick = async () => {
    await navigator.clipboard.writeText(data.source)
    button.textContent = "Copied"
    setTimeout(() => { button.textContent = "Copy" }, 1500)
  }
}
"""

_LAYER = re.compile(r"(?:layers\.\w+|keras\.Input)\((?:[^()]|\([^()]*\))*\)")
_KINDS = ((Comment, "comment"), (Keyword, "keyword"), (String, "string"), (Number, "number"), (Name.Class, "class"))
_panel = st.components.v2.component("two_heads_code", html=_HTML, css=_CSS, js=_JS)


def show(title: str, source: str, differing: set[int], key: str) -> None:
    """Draw `source`; `differing` holds the indices of its marked lines. `title` names it for a screen reader."""
    lines = [{"tokens": line, "differs": i in differing} for i, line in enumerate(tokens(source))]
    _panel(data={"title": title, "source": source, "lines": lines}, key=key)


def differences(left: str, right: str) -> tuple[set[int], set[int]]:
    """Indices of the lines in each source that differ from the other source.

    Only layers are compared: one layer is the same in a list, called on a tensor or stored as an attribute.
    """
    a, b = [_layer_or_line(line) for line in left.splitlines()], [_layer_or_line(line) for line in right.splitlines()]
    only_left: set[int] = set()
    only_right: set[int] = set()
    for kind, a0, a1, b0, b1 in difflib.SequenceMatcher(a=a, b=b, autojunk=False).get_opcodes():
        if kind != "equal":
            only_left.update(i for i in range(a0, a1) if a[i])
            only_right.update(i for i in range(b0, b1) if b[i])
    return only_left, only_right


def _layer_or_line(line: str) -> str:
    """The layer that a line constructs, or the line itself."""
    layer = _LAYER.search(line)
    return layer[0] if layer else line.strip()


def tokens(source: str) -> list[list[list[str]]]:
    """The source line by line as [kind, text] pairs."""
    lines: list[list[list[str]]] = [[]]
    for token, text in PythonLexer().get_tokens(source):
        kind: Any = next((name for parent, name in _KINDS if token in parent), "")
        for i, part in enumerate(text.split("\n")):
            if i:
                lines.append([])
            if part:
                lines[-1].append([kind, part])
    while lines and not lines[-1]:
        lines.pop()
    return lines
