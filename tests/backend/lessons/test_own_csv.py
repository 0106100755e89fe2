"""A lesson about a class's own CSV file: its steps have the table, and say so if it is gone."""

import pytest

from backend.experiment.own_table import tables_from
from backend.lessons.parser import InvalidLesson, parse
from tests.builders.own_tables import found, table

TEXT = """---
id: own-data
title: Our own data
summary: A file of ours.
minutes: 3
base: "csv={id}.1-2.3&head=temp.number_1&head=rain.yes_2"
---

## Better than a guess? {{#guess}}

```step
page: train
show: [tasks, answer]
run: seed
ask: {{think: 60}}
expect: "validation(right, temp) < 2"
```

Does the network beat the guess?

- [ ] No {{misconception: no-use, expect: "validation(right, temp) > 2"}}
- [x] Yes

### Why

It does.
"""


def test_a_step_is_about_the_table_whose_id_it_names():
    text = TEXT.format(id=table().id)
    with found(table()):
        (step,) = parse(text).steps
        assert step.experiment.architecture.own.table == table()
        assert [head.task for head in step.experiment.architecture.heads] == ["number_1", "yes_2"]
    with tables_from({}.get), pytest.raises(InvalidLesson, match="its time is over, or it was deleted"):
        parse(text)
