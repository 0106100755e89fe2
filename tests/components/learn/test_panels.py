"""Every name that a lesson may use has its panel or control, and the reverse."""

from backend.lessons import vocabulary
from components.learn import panels, settings


def test_every_page_of_the_vocabulary_has_its_panels_and_the_reverse():
    assert set(panels.PANELS) == set(vocabulary.PANELS)


def test_every_control_has_a_widget_and_the_reverse():
    assert set(settings.CONTROLS) == set(vocabulary.CONTROLS)
