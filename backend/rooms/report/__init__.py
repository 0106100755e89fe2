"""The report of a room: what a teacher has after the class.

`model.py` has what is stored, `figures.py` what follows from the answers, `build.py` makes a report of a room, and
`reports.py` keeps reports in the database. `homework.py` has the answers that come after the class.
"""
