"""A Markdown text as a sequence of pieces with their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin

from backend.markdown.faults import Faults

#: A box of a task list, and its text.
BOX = re.compile(r"\[([ xX])\]\s+(.*)", re.DOTALL)
#: The beginning of the address of a term's link.
_TERM = "#part-"
#: The scheme of an address. A relative one has none: a colon in it stands after a slash, a question mark or a hash.
_SCHEME = re.compile(r"([^/?#:]*):")
_SCHEMES = ("http", "https")


@dataclass(frozen=True)
class Piece:
    """A block of Markdown: its token, the tokens in it, and its lines (from 1, the last one included)."""

    token: Token
    inside: list[Token]
    first: int
    last: int

    @property
    def inline(self) -> str:
        """The text of a heading or a paragraph, as it is written."""
        return next((token.content for token in self.inside if token.type == "inline"), "")

    @property
    def is_task_list(self) -> bool:
        """Whether the first item of a list begins with a box."""
        return self.token.type == "bullet_list_open" and bool(BOX.match(self.inline))

    def items(self) -> Iterator[list[Token]]:
        """The tokens of each item of a list."""
        item: list[Token] = []
        for token in self.inside:
            if token.type == "list_item_open" and token.level == 1:
                item = []
            item.append(token)
            if token.type == "list_item_close" and token.level == 1:
                yield item

    def links(self) -> Iterator[tuple[int, str]]:
        """The line and the address of each link."""
        for token in self.inside:
            line = token.map[0] + 1 if token.map else self.first
            for child in token.children or ():
                if child.type == "link_open":
                    yield line, str(child.attrs.get("href", ""))
                line += child.type in ("softbreak", "hardbreak")

    def terms(self) -> Iterator[tuple[int, str]]:
        """The links of the text to parts of a picture: line and name of each."""
        return ((line, address.removeprefix(_TERM)) for line, address in self.links() if address.startswith(_TERM))


class _AllLinks(MarkdownIt):
    """Reads every link as a link. Markdown-it alone leaves some schemes as text, but another reader may follow them."""

    def validateLink(self, url: str) -> bool:
        """Any address: `_check_address` refuses what a lesson may not have."""
        return True


class Document:
    """A text with any kind of line ends, read as CommonMark with front matter."""

    def __init__(self, text: str) -> None:
        self.text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
        self._lines = self.text.split("\n")

    def pieces(self, faults: Faults) -> Iterator[Piece]:
        """The pieces in their order. HTML, pictures and links of other schemes than HTTP in them are faults."""
        definitions: dict[str, Any] = {}
        tokens = _AllLinks("commonmark").use(front_matter_plugin).parse(self.text, definitions)
        _check_definitions(definitions, faults)
        begun = 0
        for i, token in enumerate(tokens):
            if token.level == 0 and token.nesting >= 0:
                begun = i
            if token.level == 0 and token.nesting <= 0:
                head = tokens[begun]
                first, last = head.map or [0, 1]
                piece = Piece(head, tokens[begun : i + 1], first + 1, max(last, first + 1))
                _check_text(piece, faults)
                yield piece

    def source(self, pieces: Sequence[Piece]) -> str:
        """The text from the first piece to the last one, as it is written."""
        if not pieces:
            return ""
        return "\n".join(self._lines[pieces[0].first - 1 : pieces[-1].last]).strip("\n").rstrip()


def _check_text(piece: Piece, faults: Faults) -> None:
    """Report the parts of a piece that a lesson may not have."""
    line = piece.first
    for token in piece.inside:
        line = token.map[0] + 1 if token.map else line
        types = {token.type, *(child.type for child in token.children or ())}
        if types & {"html_block", "html_inline"}:
            faults.add(line, "HTML is not displayed; write Markdown.")
        if "image" in types:
            faults.add(line, "A lesson has no pictures of its own; name a panel in “show”.")
    for line, address in piece.links():
        _check_address(address, line, faults)


def _check_definitions(definitions: Mapping[str, Any], faults: Faults) -> None:
    """Report the addresses of definitions, “[name]: address”: no token has them, and a page may use any of them."""
    for definition in (*definitions.get("references", {}).values(), *definitions.get("duplicate_refs", ())):
        _check_address(str(definition["href"]), int(definition["map"][0]) + 1, faults)


def _check_address(address: str, line: int, faults: Faults) -> None:
    """Report an address that has another scheme than HTTP."""
    scheme = _SCHEME.match(address)
    if scheme and scheme[1].lower() not in _SCHEMES:
        faults.add(
            line,
            f"The link to “{address[:40]}” cannot be used: a link begins with http:// or https://, or it is relative, "
            "such as /claims.",
        )
