"""Hooks into Streamlit's server: which messages pass, what a session holds, the log, and failed downloads."""
