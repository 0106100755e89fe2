"""Hooks into Streamlit's server: which messages pass, the log, and failed downloads."""
