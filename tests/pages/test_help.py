"""Every control on every page has help: what it does, and the Keras argument that it sets."""

import pytest

from tests.builders.pages import visit

PAGES = ("compare.py", "train.py", "claims.py", "speed.py", "topologies.py", "lab.py", "own.py", "learn.py")
KINDS = (
    "number_input", "text_input", "selectbox", "select_slider", "slider", "toggle", "checkbox", "radio", "button_group",
    "multiselect", "button", "download_button",
)  # fmt: skip
#: Session keys of the folds whose controls are drawn only while they are open.
OPEN = ("section.Architecture", "section.Sequences", "section.Training", "noise.open")
#: Every setting that depends on others is there.
QUERY = {
    "head": ["related_a...8", "related_b"], "combine": "own", "lstm": "8,8", "dense": "8,8", "timesteps": "4",
    "seeds": "2",
}  # fmt: skip


#: Controls without help, and why: by key, or by label if they have no key.
EXCEPT = {
    "Explore": "it opens links, and below each is what its page is for",
    "frame.share": "its tooltip would cover what the button opens, which explains itself",
    "speed.mode": "its label is hidden; the caption beside it has the help",
}


@pytest.fixture(autouse=True)
def _server(serve):
    """A server without workers."""
    serve()


def controls(script):
    at = visit(script, "", dict.fromkeys(OPEN, True) | {"heads.chosen": 0}, **QUERY)
    found = [element.proto for kind in KINDS for element in at.get(kind)]
    return [*found, *(block.proto.popover for block in at.get("popover"))]


def name(proto):
    key = proto.id.split("-", 2)[-1]  # $$ID-hash-key; a popover may have none
    return proto.label if key in ("None", "") else "claim" if key.startswith("claim.") else key


@pytest.mark.slow
@pytest.mark.parametrize("script", PAGES)
def test_every_control_has_help_and_a_name_without_markdown(script):
    found = controls(script)
    assert len(found) > 1
    without = {name(proto) for proto in found if not proto.help}
    assert without <= set(EXCEPT)
    assert [proto.label for proto in found if "`" in proto.label or "**" in proto.label] == []


def test_every_setting_of_the_sidebar_is_among_the_controls():
    keys = {name(proto) for proto in controls("train.py")}
    assert {"architecture.heads.0.hidden.0", "sequences.scale.1", "training.weights.1", "sequences.relatedness"} <= keys
