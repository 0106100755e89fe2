"""Views for a frame of another site (`?embed=true`), and what Share writes for authors, by AppTest."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from backend.experiment.url import read_query
from backend.questions.claims import CLAIMS
from tests.builders.pages import SHELL, button, drawn

ADDRESS = "https://heads.example.org/"


@pytest.fixture
def visit(serve):
    """Opens a page on a server without workers."""
    serve(frame_ancestors="self https://learn.example.org")

    def open_page(script, framed=True, **query):
        at = AppTest.from_file(str(SHELL))
        at.context["is_embedded"] = framed
        at.context["url"] = ADDRESS
        for key, value in query.items():
            at.query_params[key] = value
        at.run()
        if script != "compare.py":
            at.switch_page(script).run()
        assert not at.exception
        return at

    return open_page


def texts(at):
    return [element.value for element in [*at.markdown, *at.caption, *at.info, *at.warning]]


def opens(at):
    """Where the link to the whole page leads."""
    (line,) = (text for text in texts(at) if "Open in Two Heads" in text)
    assert "https://stackoverflow.com/questions/58092176" in line
    assert "CC BY-SA 4.0" in line
    return urlsplit(re.search(r"\*\*Open in Two Heads\*\*\]\((\S+)\)", line)[1])


VIEWS = {
    "compare.py": ({"timesteps": "7"}, "The same network?"),
    "train.py": ({"timesteps": "7"}, "Which one trains better?"),
    "claims.py": ({"timesteps": "7", "claim": "shapes"}, "Predict, then see it measured"),
    "learn.py": ({"lesson": "factor-of-two", "step": "mean"}, "What does a total loss tell you\\?"),
}


@pytest.mark.slow
@pytest.mark.parametrize("script", VIEWS)
def test_a_view_has_nothing_of_what_surrounds_the_page(visit, script):
    query, title = VIEWS[script]
    at = visit(script, **query)
    assert [heading.value for heading in at.title] == [title]
    assert not at.sidebar.children
    assert not [popover for popover in at.get("popover") if popover.proto.popover.label == "Share"]
    assert not at.get("page_link")
    assert "Glossary" not in [each.label for each in at.button]
    assert not [text for text in texts(at) if "Two Heads retells it" in text]
    link = parse_qs(opens(at).query)
    assert "embed" not in link
    assert "claim" not in link
    assert link.items() >= {key: [value] for key, value in query.items() if key != "claim"}.items()
    assert visit(script, framed=False, **query).get("page_link"), "the page itself has all that"


def test_a_recorded_run_plays_if_the_address_says_so_and_other_settings_can_be_trained(visit):
    at = visit("train.py")
    at.session_state["train.why"] = True
    at.run()
    assert len(at.get("plotly_chart")) == 1
    (player,) = drawn(at, "player")
    assert not player["play"]
    assert drawn(visit("train.py", play="1"), "player")[0]["play"]
    assert "Train" not in [each.label for each in at.button]
    assert any("Recorded on" in text for text in texts(at))

    other = visit("train.py", epochs="3", lstm="4")
    assert any("These settings have no result yet." in text for text in texts(other))
    assert not drawn(other, "player")
    assert not other.get("download_button")
    button(other, "Train").click().run()
    assert not other.exception
    waiting = "Until its first epoch, the faint curves are those of another run"
    assert any(waiting in text for text in texts(other)), "it waits for a worker"


def test_a_claim_is_predicted_first(visit):
    at = visit("claims.py", claim="advisor", left="functional_fused")
    (header,) = at.header
    assert not header.value[0].isdigit(), "there is no other claim"
    (asked,) = at.radio
    assert not any('claim-answer"' in text for text in texts(at))
    asked.set_value(CLAIMS["advisor"].options[0]).run()
    assert not at.exception
    assert any('claim-answer"' in text for text in texts(at))


def test_a_bad_value_gets_a_sentence_and_the_default(visit):
    at = visit("claims.py", claim="evil", timesteps="99")
    (notice,) = at.warning
    said = notice.value.replace("\\", "")
    assert "claim = “evil”" in said
    assert "it takes one of parameters, fully_connected" in said
    assert "Used parameters in its place." in said
    assert "timesteps = “99”" in said
    assert at.header[0].value == CLAIMS["parameters"].title


def test_a_step_stands_alone(visit):
    at = visit("learn.py", lesson="factor-of-two", step="mean")
    assert [each.value for each in at.header] == ["Make the reports equal"]
    labels = [each.label for each in at.button]
    assert "Submit my prediction" in labels
    assert not {"Next step", "Previous step", "All lessons", "Start again"} & set(labels)


# What Share writes.


def shared(at, kind, **session):
    at.session_state["frame.share"] = True
    at.session_state["share.kind"] = kind
    for key, value in session.items():
        at.session_state[key] = value
    at.run()
    assert not at.exception
    return at


def copied(at):
    (found,) = [each["source"] for each in drawn(at, "code") if each["title"] == "HTML"]
    return found


@pytest.mark.parametrize(("script", "path"), [("compare.py", "/"), ("train.py", "/train"), ("claims.py", "/claims")])
def test_share_writes_the_html_of_a_frame(visit, script, path):
    at = visit(script, framed=False, timesteps="7", head=['a.level.1...mse.Größe "<b>', "trend"])
    at.context["url"] = f"https://heads.example.org{path}"
    text = copied(shared(at, "HTML"))
    assert re.fullmatch(
        r'<iframe src="[^"<>]+" title="Two Heads: [^"<>]+"\n  width="100%" height="\d+" style="border: 0" '
        r'loading="lazy"></iframe>',
        text,
    )
    source = urlsplit(html.unescape(re.search('src="([^"]+)"', text)[1]))
    assert source.path == path.rstrip("/"), "as Streamlit names the page"
    query = parse_qs(source.query)
    assert query.pop("embed") == ["true"]
    assert query.pop("claim", ["parameters"]) == ["parameters"]
    experiment, notices = read_query(query)
    assert not notices
    assert experiment.architecture.heads[0].label == 'Größe "<b>'
    (said,) = (text for text in texts(at) if "allows these sites" in text)
    assert "`'self' https://learn.example.org`." in said


def test_the_claim_that_another_page_measures_leads_there(visit):
    at = visit("claims.py", claim="speed", lstm="4")
    at.radio[0].set_value(CLAIMS["speed"].options[0]).run()
    assert not at.exception
    assert [link.proto.page for link in at.get("page_link")]
