"""Rooms: a class predicts together, each participant with a seed. This page is for the host and the board.

Participants have a page of their own, without Streamlit (`backend/web/phones.py`).
"""

import streamlit as st

from components import browser
from components.layout.address import base_path
from components.rooms import board, entrance, host, settings

if settings.hosted_room():
    host.show(settings.hosted_room())
elif settings.projected_room():
    board.show(settings.projected_room())
elif settings.address_to_join():
    browser.mount("go", {"address": f"{base_path()}{settings.address_to_join()}"}, key="room.go")
else:
    with st.sidebar:
        entrance.show_sidebar()
    entrance.show()
