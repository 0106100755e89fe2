"""Every page that a lesson may show has its panels, and the reverse."""

from backend.lessons import vocabulary
from components.learn import panels


def test_every_page_of_the_vocabulary_has_its_panels_and_the_reverse():
    assert set(panels.PANELS) == set(vocabulary.PANELS)
