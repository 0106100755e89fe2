"""A choice among pictures: the browser learns which of its choices Python has got."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from components import browser


def page():
    import streamlit as st

    from components.gallery import Picture, show

    def choose(keys):
        st.session_state["chosen"] = keys

    st.button("Send", on_click=lambda: st.session_state["send"]())
    pictures = [Picture(key, key, "<svg></svg>") for key in "xyz"]
    show("Letters", pictures, st.session_state.get("chosen", []), choose, key="letters", high="3rem", many=True)


def test_the_browser_gets_the_number_of_its_last_choice_with_what_is_chosen(monkeypatch):
    mounted = []
    monkeypatch.setattr(browser, "mount", lambda name, data, **options: mounted.append((data, options)))
    first = AppTest.from_function(page).run()
    assert not first.exception
    before = mounted[-1][0]["turn"]
    at = AppTest.from_function(page).run()
    start = mounted[-1][0]["turn"]
    assert start > before, "of a session that was lost"
    shown = []
    for message in (
        {"keys": ["y"], "turn": before + 1},  # of a browser that has not drawn this session yet
        {"keys": ["z", "x", "no such"], "turn": start + 3}, {"keys": None, "turn": start + 4},
        {"keys": ["y"]}, ["y"], None,
    ):  # fmt: skip
        monkeypatch.setattr(browser, "sent", lambda key, name, message=message: message)
        at.session_state["send"] = mounted[-1][1]["on_chosen_change"]
        at.button[0].click().run()
        assert not at.exception
        shown.append((mounted[-1][0]["chosen"], mounted[-1][0]["turn"] - start))
    assert shown == [(["y"], 0), (["x", "z"], 3), *[(["x", "z"], 4)] * 4]
