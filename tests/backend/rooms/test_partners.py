"""Partners of a discussion: everybody gets one who chose otherwise, if there is one."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from backend.rooms import phone
from backend.rooms.model import FEWEST, Answer


def answers(options: list[int]) -> dict[int, Answer]:
    return {number: Answer(option, "", 0.0) for number, option in enumerate(options, 3)}


@given(st.lists(st.integers(0, 5), max_size=60))
def test_as_many_as_possible_have_a_partner_who_chose_otherwise_and_has_them(options):
    given_answers = answers(options)
    found = phone.partners(given_answers)
    if len(options) < FEWEST:
        assert found == {}
        return
    assert all(found[other] == one for one, other in found.items())
    assert all(given_answers[one].option != given_answers[other].option for one, other in found.items())
    most = max(Counter(options).values())
    assert len(found) == 2 * min(len(options) // 2, len(options) - most)


def test_a_phone_names_its_partner_only_while_people_discuss_and_if_the_host_wants_it(room):
    ada, *others = room.asked(1, *[0] * (FEWEST - 1))
    room.act("freeze", "discuss")

    def partner(who):
        return phone.own(room.view, who).partner

    assert partner(ada) == ""
    room.act("partners")
    assert partner(ada) in {who.alias for who in others}
    assert sorted(partner(who) for who in others) == ["", "", "", ada.alias]
    room.act("ask_again")
    assert partner(ada) == ""
