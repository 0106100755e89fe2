"""The card that is shared: what the browser gets is plain text, a link that restores the page, and its QR code."""

import segno

from components.layout import share
from components.layout.share_card import Card, Prediction, data

LINK = "https://heads.example.org/train?optimizer=sgd&head=a.level.1...mse.%3Cb%3E"


def card(**changes):
    return Card(**{"place": "Train", "title": "Which?", "finding": "Both.", **changes})


def test_markdown_colours_and_hidden_characters_do_not_reach_the_card():
    found = data(
        card(title="**Is `Dense(2)`** :green[the\u202e same]?", finding="a  \nb\x00 [c](https://evil.example)"), LINK
    )
    assert found["title"] == "Is Dense(2) the same?"
    assert found["finding"] == "a b c"


def test_markup_in_a_label_stays_text():
    assert data(card(finding="<img src=x onerror=alert(1)>"), LINK)["finding"] == "<img src=x onerror=alert(1)>"


def test_what_is_endless_is_cut():
    found = data(card(place="p" * 999, title="t" * 9999, finding="f " * 9999), LINK)
    assert len(str(found["place"])) <= 120
    assert len(str(found["title"])) <= 240
    assert len(str(found["finding"])) <= 700


def test_a_long_finding_ends_after_a_sentence():
    sentence = "A loss of 0.3 was the lower one."
    found = str(data(card(finding=" ".join([sentence] * 40)), LINK)["finding"])
    assert found == " ".join([sentence] * found.count(sentence) + ["…"])
    assert 600 < len(found) <= 700


def test_the_link_is_shown_without_its_scheme_and_shared_with_it():
    found = data(card(), LINK)
    assert found["link"] == LINK.removeprefix("https://")
    assert found["address"] == LINK


def test_a_prediction_has_the_mark_of_its_outcome():
    texts = [
        data(card(prediction=Prediction("I said so.", right)), LINK)["prediction"] for right in (True, False, None)
    ]
    assert [each["text"] for each in texts] == ["✓ I said so.", "✗ I said so.", "I said so."]
    assert data(card(), LINK)["prediction"] is None


def test_a_chart_is_named_by_the_class_of_its_element():
    charts = {"claim.activations.chart": "", "curves.task.1": r"an \*odd\* name"}
    assert data(card(charts=charts), LINK)["charts"] == [
        ["claim-activations-chart", ""],
        ["curves-task-1", "an *odd* name"],
    ]
    assert data(card(), LINK)["charts"] == []


def test_the_rows_are_those_of_the_qr_code():
    rows = share.qr_rows(LINK)
    matrix = segno.make_qr(LINK).matrix
    assert len(rows) == len(matrix)
    for digits, row in zip(rows, matrix, strict=True):
        bits = "".join(f"{int(digit, 16):04b}" for digit in digits)
        assert [int(bit) for bit in bits[: len(matrix)]] == list(row)
        assert not int(bits[len(matrix) :] or "0")


def test_a_link_that_no_code_can_hold_has_none():
    assert data(card(), "https://heads.example.org/?" + "a" * 3000)["code"] is None
