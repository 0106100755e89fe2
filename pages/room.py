"""Rooms: a class predicts together, and each participant is a seed. As a participant, as the host, or on the board."""

import streamlit as st

from components.rooms import board, entrance, host, participant, settings

if settings.hosted_room():
    host.show(settings.hosted_room())
elif settings.projected_room():
    board.show(settings.projected_room())
elif settings.code():
    participant.show(settings.code())
else:
    with st.sidebar:
        entrance.show_sidebar()
    entrance.show()
