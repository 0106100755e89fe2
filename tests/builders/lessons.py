"""Lessons that several tests read: a golden one, one with each kind of answer, and one with an author's own scripts."""

from __future__ import annotations

from pathlib import Path

from backend.lessons import parse

HERE = Path(__file__).parent
#: Its first question has two rounds and three options, of which the second is right; the next has one round and two.
GOLDEN = (HERE / "golden.md").read_text(encoding="utf-8")
LESSON = parse(GOLDEN)
#: The keys of the questions of the golden lesson in version 0.2.0.
KEYS = ["b6bcd639340f8a2b", "920ab42482cef77b"]
#: A question for a number, one for several options, and one about a recorded picture.
KINDS = """---
id: kinds
title: Kinds
minutes: 9
base: "epochs=3&samples=64"
---

## How much {#number}

```step
page: train
show: [totals]
run: shared
ask: {think: 60, answer: number}
expect: "median(ratio) in 1.9..2.1"
```

What is the ratio?

- [ ] 1 ± 0.1 {misconception: total-is-mean}
- [x] 2 ± 5 %

## Which {#several}

```step
page: train
before: [tasks]
show: [totals]
run: shared
ask: {think: 60, answer: several, shuffle: true}
expect: "median(ratio) in 1.9..2.1"
```

What holds?

- [x] the ratio is 2 {expect: "ratio in 1.9..2.1"}
- [ ] the ratio is 1 {misconception: total-is-mean}
- [x] the losses are equal

## Alone {#alone}

```step
page: lab
before: [conflict]
show: [share]
ask: {think: 60}
expect: "sharing(hard, 1) = better"
```

Better?

- [x] yes
- [ ] no
"""
ALL_KINDS = parse(KINDS)
#: A lesson about a mistake of its author's own.
OWN = """---
id: mine
title: Mine
minutes: 3
---

## A mistake {#own}

```step
page: mistake
scripts: [wrong.py, right.py]
show: [scripts]
ask: {think: 60}
```

How many outputs has it?

- [x] one
- [ ] two
- [ ] Keras raises an error
"""
OWN_MISTAKE = HERE / "own_mistake"
WRONG, RIGHT = ((OWN_MISTAKE / name).read_text() for name in ("wrong.py", "right.py"))


def fill(folder: Path) -> Path:
    (folder / "mine.md").write_text(OWN)
    (folder / "wrong.py").write_text(WRONG)
    (folder / "right.py").write_text(RIGHT)
    return folder
