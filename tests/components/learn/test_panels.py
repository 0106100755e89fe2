"""Every panel that a lesson may show has a function, and the reverse."""

from backend.lessons import vocabulary
from components.learn import panels


def test_every_panel_of_the_vocabulary_has_a_function_and_the_reverse():
    named = {(page, name) for page, of_page in vocabulary.PANELS.items() for name in of_page if page != "mistake"}
    assert set(panels.PANELS) == named
