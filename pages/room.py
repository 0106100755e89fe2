"""Rooms: a class predicts together, and each participant is a seed. As a participant, as the host, or on the board."""

import streamlit as st

from components.rooms import board, entrance, host, participant, settings

if settings.hosted():
    host.show(settings.hosted())
elif settings.projected():
    board.show(settings.projected())
elif settings.code():
    participant.show(settings.code())
else:
    with st.sidebar:
        entrance.show_sidebar()
    entrance.show()
