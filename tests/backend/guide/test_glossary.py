"""The glossary: every word once, in the order of the alphabet, in a sentence or two."""

from backend.guide.glossary import search, terms


def test_a_search_finds_words_in_any_order_and_case_and_the_word_itself_first():
    assert next(term.word for term in search("HEAD")) == "head"
    assert "total loss" in [term.word for term in search("loss added")]
    assert search("no such word") == []
    assert search("") == list(terms())
