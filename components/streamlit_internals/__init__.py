"""All that depends on Streamlit's private parts: a file for each, and `selectors.css` for our style sheets.

The head of each file says what it needs, why no supported way does it, what was measured and what visitors would lose
without it, on which version it was checked, the test that fails without it, and where upstream it is discussed or
stands. docs/upgrading.md says what to do when Streamlit moves.
"""
