"""The words of Two Heads and of Keras: one word for one thing, each with a sentence that says what it is."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Term:
    """A word, what it means in plain words, its name in Keras's source if it has one, and where a page shows it.

    A page underlines an `underlined` word at its first use and explains it there: a newcomer cannot know the word, and
    it has no other meaning on the pages. `forms` are other spellings of the word. Plurals need none, and `#` stands for
    a number.
    """

    word: str
    meaning: str
    keras: str = ""
    place: str = ""
    underlined: bool = False
    forms: Sequence[str] = ()

    def matches(self, query: str) -> bool:
        """Whether the words of a search occur in the term, in any order and case."""
        text = f"{self.word} {self.meaning} {self.keras}".casefold()
        return all(part in text for part in query.casefold().split())


@cache
def terms() -> tuple[Term, ...]:
    """All terms, in alphabetical order. `glossary.toml` has them."""
    text = Path(__file__).with_name("glossary.toml").read_text(encoding="utf-8")
    return tuple(Term(**term) for term in tomllib.loads(text)["terms"])


def search(query: str) -> list[Term]:
    """The terms in which all words of `query` occur: those whose word begins with it first."""
    matches = [term for term in terms() if term.matches(query)]
    return sorted(matches, key=lambda term: not term.word.casefold().startswith(query.casefold().strip()))
