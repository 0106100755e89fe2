"""The card that is shared: what the browser gets is plain text, a link that restores the page, and its QR code."""

import segno

from components.layout import share
from components.layout.share_card import Card, data

LINK = "https://heads.example.org/train?optimizer=sgd&head=a.level.1...mse.%3Cb%3E"


def card(**changes):
    return Card(**{"place": "Train", "title": "Which?", "finding": "Both.", **changes})


def test_markdown_colours_and_hidden_characters_do_not_reach_the_card():
    found = data(
        card(title="**Is `Dense(2)`** :green[the\u202e same]?", finding="a  \nb\x00 [c](https://evil.example)"), LINK
    )
    assert found["title"] == "Is Dense(2) the same?"
    assert found["finding"] == "a b c"


def test_what_is_endless_is_cut():
    found = data(card(place="p" * 999, title="t" * 9999, finding="f " * 9999), LINK)
    assert len(str(found["place"])) <= 120
    assert len(str(found["title"])) <= 240
    assert len(str(found["finding"])) <= 450


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
