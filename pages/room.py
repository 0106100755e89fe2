"""Rooms: a class predicts together, each participant with a seed. This page is for the host.

Participants and the board have pages of their own, without Streamlit (`backend/web/phones.py`).
"""

import streamlit as st

from components import browser
from components.layout.address import base_path
from components.rooms import entrance, host
from components.rooms.settings import moved_to
from components.session import page_options

if room := page_options.chosen("host"):
    host.show(room)
elif moved := moved_to():
    browser.mount("go", {"address": f"{base_path()}{moved}"}, key="room.go")
else:
    with st.sidebar:
        entrance.show_sidebar()
    entrance.show()
