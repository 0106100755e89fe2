"""What a question shows before its answer: nothing of it is a result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from backend.experiment import Experiment
from backend.lessons import Step
from backend.lessons.vocabulary import OPEN
from backend.questions.mistakes.base import deciding_lines
from backend.questions.pictures import Line, Lines, Table, of_task
from backend.rooms.parts import Part
from backend.words import short
from components.learn import measured
from components.rooms.parts import code, of_picture
from components.train.sample import SHOWN, cached_sample

#: Says nothing about settings: a class cannot change them.
_NO_SCRIPTS = "This server does not run the scripts of this lesson."


def of_question(step: Step, wall: bool = False) -> list[Part]:
    """The script of a mistake, on a wall its deciding lines, and the panels of a step that show no result."""
    if step.block.page == "mistake":
        mistake = measured.mistake_of(step)
        if mistake is None:
            return [Part((_NO_SCRIPTS,))]
        script = deciding_lines(mistake.broken, mistake.mended) if wall else mistake.broken
        return [Part((code(script),))]
    names = [name for name in step.block.show if name in OPEN]
    return [part for name in names for part in _UNSEALED[name](step.experiment, wall)]


def beside_votes(step: Step) -> list[Part]:
    """What the board shows beside the votes while the host explains: what belongs to the question.

    For Train it is the source of both networks, because nearly all of its panels show results.
    """
    return _sources(step.experiment, True) if step.block.page == "train" else of_question(step, True)


def _sources(experiment: Experiment, wall: bool) -> list[Part]:
    """The Keras source of both styles; on a wall only the lines in which they differ."""
    styles = experiment.styles()
    texts = [style.write(experiment.architecture) for style in styles]
    if wall:
        texts = [deciding_lines(one, other) for one, other in (texts, texts[::-1])]
    return [Part((f"**{style.title}**", code(text))) for style, text in zip(styles, texts, strict=True) if text]


def _sequences(experiment: Experiment, wall: bool) -> list[Part]:
    """Some sequences, and their targets."""
    heads = experiment.architecture.heads
    shape = experiment.architecture.model_copy(update={"lstm": (1,), "dense": ()})  # the trunk does not affect the data
    sample, _ = cached_sample(shape, experiment.sequences, experiment.parts)
    steps = list(range(1, sample.x.shape[1] + 1))
    lines = [Line(f"sequence {i + 1}", sample.x[i, :, 0].tolist(), of_task(i)) for i in range(SHOWN)]
    rows = [
        {"sequence": str(i + 1), **{head.name: _target(sample.y[head.name][i]) for head in heads}} for i in range(SHOWN)
    ]
    source = experiment.architecture.source
    feature = source.feature(0) if source.own is None else "the first feature"  # a column's name may be any text
    return [
        of_picture(Lines(f"Four sequences, {feature}", steps, lines, x_name="timestep")),
        of_picture(Table(rows)),
    ]


def _target(value: Any) -> str:
    return ", ".join(short(float(each), 3) for each in value.reshape(-1)[:4])


_UNSEALED: Mapping[str, Callable[[Experiment, bool], list[Part]]] = {"code": _sources, "sequences": _sequences}
