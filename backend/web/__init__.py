"""The HTTP edge around Streamlit: middleware, health checks, logs and metrics. Starlette, no Streamlit."""
