"""The glossary: every word once, in the order of the alphabet, in a sentence or two."""

import pytest

from backend.guide.glossary import TERMS, search

PLACES = (
    "Compare",
    "Train",
    "Claims",
    "Speed",
    "Topologies",
    "Lab",
    "Rooms",
    "every page",
    "the sidebar",
    "the head editor",
)


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.word)
def test_a_term_is_defined_in_a_short_sentence_and_seen_on_a_page(term):
    assert term.meaning.endswith(".")
    assert len(term.meaning) < 200
    assert not term.meaning.casefold().startswith(f"{term.word.casefold()} is")
    assert not term.place or term.place.startswith(PLACES)


def test_a_search_finds_words_in_any_order_and_case_and_the_word_itself_first():
    assert next(term.word for term in search("HEAD")) == "head"
    assert "total loss" in [term.word for term in search("loss added")]
    assert search("no such word") == []
    assert search("") == list(TERMS)


def meaning(word: str) -> str:
    return next(term.meaning for term in TERMS if term.word == word)
