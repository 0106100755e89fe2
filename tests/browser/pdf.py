"""The text of a PDF that Chromium has printed."""

from __future__ import annotations

import re
import unicodedata
import zlib

_OBJECT = re.compile(rb"^(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL | re.MULTILINE)
_STREAM = re.compile(rb"/Length (\d+).*?>>\s*stream\n", re.DOTALL)
_RANGES = re.compile(r"<(\w+)> <(\w+)> <(\w+)>")
_SHOWN = re.compile(r"/F(\d+) [\d.]+ Tf|<([0-9A-F]+)>(?=[^<>]*(?:TJ|Tj))|(\bET\b)", re.IGNORECASE)


def text_of(pdf: bytes) -> str:
    """All text of the file, a line each time that the text object changes.

    Skia names a font by its object, writes words as glyphs, and gives each font a table of their characters.
    """
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    glyphs: dict[int, dict[int, str]] = {}
    for number, body in objects.items():
        if table := re.search(rb"/ToUnicode (\d+) 0 R", body):
            glyphs[number] = _characters(_stream(objects[int(table[1])]))
    words: list[str] = []
    for body in objects.values():
        font: dict[int, str] = {}
        for name, shown, end in _SHOWN.findall(_stream(body)) if b"stream" in body else ():
            if name:
                font = glyphs.get(int(name), {})
            elif end:
                words.append("\n")
            else:
                words += (font.get(int(shown[i : i + 4], 16), "") for i in range(0, len(shown), 4))
    return unicodedata.normalize("NFKC", "".join(words))  # without ligatures


def _stream(body: bytes) -> str:
    found = _STREAM.search(body)
    if found is None:
        return ""
    data = body[found.end() : found.end() + int(found[1])]
    data = zlib.decompress(data) if b"/FlateDecode" in body[: found.end()] else data
    return data.decode("latin-1")


def _characters(table: str) -> dict[int, str]:
    """The characters of a font by the numbers of their glyphs."""
    found: dict[int, str] = {}
    for part in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        found |= {int(glyph, 16): _text(code) for glyph, code in re.findall(r"<(\w+)> <(\w+)>", part)}
    for part in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, code in _RANGES.findall(part):
            for i in range(int(last, 16) - int(first, 16) + 1):
                found[int(first, 16) + i] = chr(int(code, 16) + i)
    return found


def _text(code: str) -> str:
    return bytes.fromhex(code).decode("utf-16-be")
