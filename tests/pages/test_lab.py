"""Lab, by AppTest through the shell: the link is the state, and what is shown follows from it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from backend.lab.compass import steps
from backend.lab.presets import PRESETS
from backend.lab.situation import Situation
from backend.lab.url import LabState, write
from backend.words import short
from tests.builders.pages import drawn
from two_heads.weightings import AGGREGATORS

SHELL = Path(__file__).parents[2] / "pages" / "navigation.py"
TITLE = "Do the heads pull together?"


@pytest.fixture(autouse=True)
def _server(serve):
    """A server without workers."""
    serve()


def visit(**query):
    at = AppTest.from_file(str(SHELL))
    for key, value in query.items():
        at.query_params[key] = value
    at.run()
    for fold in ("lab.numbers.open", "lab.rules.open"):
        at.session_state[fold] = True
    at.switch_page("lab.py").run()
    assert not at.exception
    assert [title.value for title in at.title] == [TITLE]
    return at


def compass(at):
    assert not at.exception
    (data,) = drawn(at, "compass")
    return data


def sentences(at):
    return ["".join(text for text, _ in parts) for parts in compass(at)["sentences"]]


def table(at):
    return at.get("table")[0].value


def gallery(at):
    (data,) = drawn(at, "gallery")
    return data


def preset(at):
    return at.sidebar.radio(key="lab.preset")


def test_at_first_two_heads_conflict_and_four_methods_are_shown():
    at = visit()
    shown = compass(at)
    assert not at.query_params
    assert shown["answer"] == "The heads conflict: their gradients are 130° apart, more than 90°."
    assert [step["title"] for step in shown["steps"]] == ["Mean", "MGDA", "PCGrad", "UPGrad"]
    assert preset(at).value == "conflict"
    found = steps(Situation(), AGGREGATORS)[0]
    assert sentences(at)[0] == (
        f"Next step with Mean: head A’s loss rises by {short(-found.falls[0], 3)}, head B’s falls by "
        f"{short(found.falls[1], 3)}."
    )
    assert ["rises", "rises"] in shown["sentences"][0]
    assert list(table(at)["backward passes"]) == ["1", "2", "2", "2"]
    assert table(at)["A's loss"]["Mean"] == f"+{short(-found.falls[0], 3)}"
    (known,) = drawn(at, "compass_table")
    assert set(known["steps"]) == {"mean", "mgda", "pcgrad", "upgrad"}
    assert any("PCGrad and UPGrad have the same direction here" in each.value for each in at.markdown)


def test_a_link_restores_everything():
    at = visit(angle="60", ratio="0.5", methods="nash,upgrad", same_length="1", third="1", angle_ac="70", angle_bc="80")
    shown = compass(at)
    assert shown["values"] == {"angle": "60", "ratio": "0.5", "angle_ac": "70", "angle_bc": "80", "ratio_c": "1"}
    assert [step["key"] for step in shown["steps"]] == ["nash", "upgrad"]
    assert shown["third"]
    assert at.sidebar.toggle(key="lab.third").value
    assert at.sidebar.toggle(key="lab.same_length").value
    assert preset(at).value is None
    assert not at.warning
    at.switch_page("speed.py").run().switch_page("lab.py").run()
    assert compass(at)["values"] == shown["values"]


@pytest.mark.parametrize(
    ("key", "text", "allowed", "used"),
    [
        ("angle", "200", "it takes a number from 0 to 180", "Used 130"),
        ("ratio", "0", r"it takes a number from 0\.01 to 100", "Used 2"),
        ("methods", "mean,evil", "it takes one or more of mean, mgda", "Used mean"),
        ("third", "maybe", "it takes one of 0, 1", "Used 0"),
        ("same_length", "", "it takes one of 0, 1", "Used 0"),
    ],
)
def test_a_bad_value_in_the_link_gets_a_sentence_and_the_default(key, text, allowed, used):
    at = visit(**{key: text})
    (notice,) = at.warning
    assert allowed.replace("\\", "") in notice.value.replace("\\", "")
    assert used in notice.value
    assert key not in at.query_params
    assert compass(at)["values"] == {"angle": "130", "ratio": "2"}


def test_an_impossible_third_angle_is_clipped_with_a_sentence():
    shown = compass(visit(third="1", angle="150", angle_ac="150", angle_bc="120"))
    assert shown["values"]["angle_bc"] == "60"
    assert any(note.startswith("120° between B and C is impossible") for note in shown["notes"])


def test_a_third_head_has_three_effects_and_one_more_column():
    at = visit()
    at.sidebar.toggle(key="lab.third").set_value(True).run()
    assert at.query_params["third"] == "1"
    assert all("head C’s" in sentence for sentence in sentences(at))
    assert [slider["key"] for slider in compass(at)["sliders"]] == ["angle", "ratio", "angle_ac", "angle_bc", "ratio_c"]
    assert "C's loss" in table(at).columns
    assert list(table(at)["backward passes"]) == ["1", "3", "3", "3"]


def test_the_same_step_length_is_that_of_the_mean():
    at = visit()
    assert len(set(table(at)["step length"])) == 4
    at.sidebar.toggle(key="lab.same_length").set_value(True).run()
    assert at.query_params["same_length"] == "1"
    assert len(set(table(at)["step length"])) == 1
    assert "Every step is as long as the mean’s, in the picture and in the numbers." in compass(at)["notes"]


@pytest.mark.slow
@pytest.mark.parametrize("key", PRESETS)
def test_a_preset_sets_the_situation_and_the_link_has_it(key):
    at = visit(angle="33")
    preset(at).set_value(key).run()
    situation = PRESETS[key].situation
    assert preset(at).value == key
    assert compass(at)["values"].items() <= write(LabState(situation)).items()
    again = visit(**{name: at.query_params[name] for name in at.query_params})
    assert compass(again)["values"] == compass(at)["values"]
    assert sentences(again) == sentences(at)


def test_the_preset_that_pcgrad_leaves_shows_the_conflict():
    at = visit()
    preset(at).set_value("pcgrad").run()
    smallest = table(at)["smallest ⟨gᵢ, d⟩"]
    assert (smallest["PCGrad"], smallest["UPGrad"]) == ("−0.315", "0.012")


def test_the_gallery_has_a_picture_of_each_method_and_marks_those_in_the_compass():
    shown = gallery(visit(methods="fairgrad,mean"))
    assert [item["key"] for item in shown["items"]] == list(AGGREGATORS)
    assert set(shown["chosen"]) == {"mean", "fairgrad"}


def test_numbers_and_rules_are_drawn_when_they_are_opened():
    at = AppTest.from_file(str(SHELL))
    at.run().switch_page("lab.py").run()
    assert not at.get("table")
    assert not any(AGGREGATORS["mean"].rule in each.value for each in at.markdown)


def test_opposite_gradients_leave_some_methods_where_they_are():
    at = visit(angle="180", ratio="2")
    assert sentences(at)[2] == "Next step with PCGrad: the trunk stays where it is."
    assert compass(at)["answer"] == "At 180° the heads want opposite things: no step lowers both losses."
