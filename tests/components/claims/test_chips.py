"""The row of chips: links that say which claim and which state they lead to."""

from streamlit.testing.v1 import AppTest

from backend.claims import CLAIMS
from backend.claims.base import NO, YES
from components.claims.chips import SIGNS


def page():
    from backend.claims import CLAIMS as ALL
    from components.claims import chips

    states = dict(zip(ALL, list(chips.SIGNS) * 2, strict=True))
    chips.show(states)


def test_each_claim_has_a_link_with_its_number_sign_and_state_in_words():
    row = AppTest.from_function(page).run().markdown[0].value
    for (key, claim), (state, sign) in zip(CLAIMS.items(), list(SIGNS.items()) * 2, strict=True):
        assert f'href="#{key}" aria-label="Claim {claim.number}, {state}: ' in row
        assert f"<b>{claim.number}</b><span>{sign}</span>" in row
    assert row.count("<a ") == len(CLAIMS)
    assert len(set(SIGNS.values())) == len(SIGNS), "each state has its own sign"
    assert not {YES, NO} & set(SIGNS.values()), "these say whether a prediction was right"
