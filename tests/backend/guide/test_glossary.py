"""The glossary: every word once, in the order of the alphabet, in a sentence or two."""

from unicodedata import normalize

import numpy as np
import pytest

from backend.guide.glossary import TERMS, search
from backend.statistics.scores import binary_accuracy
from two_heads.weightings import SCALARIZERS

#: The words that the pages, the docs and Keras use for what a visitor sees.
NEEDED = {
    "trunk", "head", "task", "fused", "style", "Sequential", "Functional", "Subclassing", "kernel", "unit", "neuron",
    "edge", "parameter", "LSTM", "gate", "recurrence", "timestep", "feature", "activation", "loss", "loss weights",
    "total loss", "epoch", "batch", "step", "optimizer", "learning rate", "validation", "seed", "initial weights",
    "prediction", "target", "R²", "accuracy", "experiment", "run", "claim", "snapshot", "architecture", "topology",
    "gradient conflict", "Gramian", "aggregator", "scalarizer", "first-order change", "backward pass", "thread",
    "Dense", "SGD", "Adam",
}  # fmt: skip
#: Words that a newcomer cannot know, and words that everybody knows or that are on every line.
NEW_TO_A_NEWCOMER = {"thread", "head", "trunk", "fused", "kernel", "edge", "LSTM", "Dense", "epoch", "optimizer", "SGD"}
ORDINARY = {"noise", "step", "run", "weight", "task", "target", "unit", "layer", "room", "prediction", "interval"}
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


def test_each_needed_word_is_there_once_and_all_are_in_the_order_of_the_alphabet():
    words = [term.word for term in TERMS]
    assert set(words) >= NEEDED
    assert words == sorted(set(words), key=lambda word: normalize("NFKC", word).casefold())


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.word)
def test_a_term_is_defined_in_a_short_sentence_and_seen_on_a_page(term):
    assert term.meaning.endswith(".")
    assert len(term.meaning) < 200
    assert not term.meaning.casefold().startswith(f"{term.word.casefold()} is")
    assert not term.place or term.place.startswith(PLACES)


def test_pages_underline_what_a_newcomer_cannot_know_and_no_ordinary_word():
    underlined = {term.word for term in TERMS if term.underlined}
    assert underlined >= NEW_TO_A_NEWCOMER
    assert not underlined & ORDINARY


def test_a_spelling_belongs_to_one_word():
    spellings = [spelling for term in TERMS for spelling in (term.word, *term.forms)]
    assert len(spellings) == len(set(spellings))


def test_a_search_finds_words_in_any_order_and_case_and_the_word_itself_first():
    assert next(term.word for term in search("HEAD")) == "head"
    assert "total loss" in [term.word for term in search("loss added")]
    assert search("no such word") == []
    assert search("") == list(TERMS)


def meaning(word: str) -> str:
    return next(term.meaning for term in TERMS if term.word == word)


def test_a_definition_holds_for_every_method_and_head() -> None:
    """GradNorm needs the gradient of every loss; a method need not lower the total; yes or no counts for each unit."""
    costly = [method.title for method in SCALARIZERS.values() if "gramian" in method.needs]
    assert costly == ["GradNorm"]
    assert "GradNorm needs one more for each head" in meaning("scalarizer")
    assert "unless a method sets the step" in meaning("total loss")
    half = binary_accuracy(np.array([[0.9, 0.1]]), np.array([[1.0, 1.0]]))
    assert half == 0.5
    assert "for each unit" in meaning("accuracy")


@pytest.mark.slow
def test_a_definition_holds_for_recurrent_layers_and_for_what_training_does_not_change() -> None:
    import keras

    lstm = keras.layers.LSTM(3)
    lstm.build((None, 5, 2))
    assert lstm.cell.kernel.shape == (2, 4 * 3)
    assert "In an LSTM, each unit has four columns" in meaning("kernel")
    norm = keras.layers.BatchNormalization()
    norm.build((None, 2))
    assert norm.count_params() > sum(weight.shape[0] for weight in norm.trainable_weights)
    assert "Training changes the trainable ones" in meaning("parameter")
