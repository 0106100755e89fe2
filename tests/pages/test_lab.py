"""Lab, by AppTest through the shell: the link is the state, and what is shown follows from it."""

import pytest

from backend.lab.compass import steps
from backend.lab.presets import PRESETS
from backend.lab.situation import Situation
from backend.words import short
from tests.builders.pages import drawn, link, visit
from two_heads.weightings import AGGREGATORS

#: Folds whose tables are drawn only while they are open.
OPEN = {"lab.numbers.open": True, "lab.rules.open": True}


@pytest.fixture(autouse=True)
def _server(serve):
    """A server without workers."""
    serve()


def lab(**query):
    return visit("lab.py", "", OPEN, **query)


def compass(at):
    (data,) = drawn(at, "compass")
    return data


def sentences(at):
    return ["".join(text for text, _ in parts) for parts in compass(at)["sentences"]]


def table(at):
    return at.get("table")[0].value


def fields(at):
    return [field.value for field in at.main.number_input if field.key.startswith("lab.compass.")]


def preset(at):
    return at.sidebar.radio(key="lab.preset")


def test_at_first_two_heads_conflict_and_four_methods_are_shown():
    at = lab()
    shown = compass(at)
    assert not at.query_params
    assert "130°" in shown["answer"]
    assert [step["title"] for step in shown["steps"]] == ["Mean", "MGDA", "PCGrad", "UPGrad"]
    assert preset(at).value == "conflict"
    found = steps(Situation(), AGGREGATORS)[0]
    assert short(-found.falls[0], 3) in sentences(at)[0]
    assert ["rises", "rises"] in shown["sentences"][0]
    assert list(table(at)["backward passes"]) == ["1", "2", "2", "2"]
    assert table(at)["A's loss"]["Mean"] == f"+{short(-found.falls[0], 3)}"
    (known,) = drawn(at, "compass_table")
    assert set(known["steps"]) == {"mean", "mgda", "pcgrad", "upgrad"}


def test_a_link_restores_everything():
    at = lab(angle="60", ratio="0.5", methods="nash,upgrad", same_length="1", third="1", angle_ac="70", angle_bc="80")
    shown = compass(at)
    assert shown["values"] == {"angle": 60, "ratio": 0.5}
    assert fields(at) == [60, 0.5, 70, 80, 1]
    assert [step["key"] for step in shown["steps"]] == ["upgrad", "nash"]
    assert shown["third"] == pytest.approx(
        Situation(angle=60, ratio=0.5, third=True, angle_ac=70, angle_bc=80).gradients()[2, :2]
    )
    assert at.sidebar.toggle(key="lab.third").value
    assert at.sidebar.toggle(key="lab.same_length").value
    assert preset(at).value is None
    assert not at.warning
    at.switch_page("speed.py").run().switch_page("lab.py").run()
    assert compass(at)["values"] == shown["values"]


def test_a_third_head_has_three_effects_and_one_more_column():
    at = lab()
    at.sidebar.toggle(key="lab.third").set_value(True).run()
    assert at.query_params["third"] == "true"
    assert all("head C’s" in sentence for sentence in sentences(at))
    assert fields(at) == [130, 2, 110, 110, 1]
    assert all(len(step["at"]) == 2 for step in compass(at)["steps"])
    at.number_input(key="lab.compass.angle_ac").set_value(70.5).run()
    assert at.query_params["angle_ac"] == "70.5"
    assert "C's loss" in table(at).columns
    assert list(table(at)["backward passes"]) == ["1", "3", "3", "3"]


@pytest.mark.slow
@pytest.mark.parametrize("key", PRESETS)
def test_a_preset_sets_the_situation_and_the_link_has_it(key):
    at = lab(angle="33")
    preset(at).set_value(key).run()
    situation = PRESETS[key].situation
    assert preset(at).value == key
    assert compass(at)["values"].items() <= situation.model_dump().items()
    again = lab(**link(at))
    assert compass(again)["values"] == compass(at)["values"]
    assert sentences(again) == sentences(at)


def test_the_gallery_has_a_picture_of_each_method_and_marks_those_in_the_compass():
    (shown,) = drawn(lab(methods="fairgrad,mean"), "gallery")
    assert [item["key"] for item in shown["items"]] == list(AGGREGATORS)
    assert set(shown["chosen"]) == {"mean", "fairgrad"}
