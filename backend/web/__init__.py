"""The server's edge: what a browser, a proxy or an operator meets before any page. Starlette, no Streamlit."""
