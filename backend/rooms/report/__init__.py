"""The report of a room: what a teacher has after the class.

`model.py` has what is stored, `figures.py` what follows from the answers, `words.py` the sentences, and `table.py` the
CSV. `build.py` makes the report of a room. `reports.py` keeps reports and gives out homework, with the transactions of
`store.py`.
"""
