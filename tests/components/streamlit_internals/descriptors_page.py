"""A page that says how many files and connections its server has open, and that runs a coroutine."""

import asyncio
import os

import streamlit as st

st.text(len(os.listdir("/dev/fd")))
st.text(asyncio.run(asyncio.sleep(0, "slept")))
