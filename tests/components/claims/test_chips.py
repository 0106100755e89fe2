"""The row of chips: links that say which claim and which answer they lead to."""

from streamlit.testing.v1 import AppTest

from backend.claims import CLAIMS
from backend.claims.base import NO, YES

#: What a card says of its claim → its state, and the sign on the chip.
ANSWERS = {
    "yes, 4,762 each": ("answered", "yes"),
    "no, never": ("answered", "no"),
    "it depends on the seed": ("undecided", "?"),
    "undecided": ("undecided", "?"),
    "not applicable": ("not applicable", "–"),
}


def page():
    from backend.claims import CLAIMS as ALL
    from components.claims import chips
    from tests.components.claims.test_chips import ANSWERS as SHOWN

    answers = [(chips.state(answer), answer) for answer in SHOWN]
    chips.show(dict(zip(ALL, [*answers, ("untested", ""), ("running", "")], strict=False)))


def test_each_claim_has_a_link_with_its_number_sign_and_answer_in_words():
    row = AppTest.from_function(page).run().markdown[0].value
    expected = [*((state, answer, sign) for answer, (state, sign) in ANSWERS.items())]
    expected += [("untested", "untested", "·"), ("running", "running", "…")]
    for (key, claim), (state, words, sign) in zip(CLAIMS.items(), expected, strict=False):
        assert f'data-state="{state}" href="#{key}" aria-label="Claim {claim.number}, {words}: {claim.title}"' in row
        assert f"<b>{claim.number}</b><span>{sign}</span>" in row
        assert not {YES, NO} & set(sign), "these say whether a prediction was right"
    assert row.count("<a ") == len(expected)
