"""The help of the controls of Learn."""

from __future__ import annotations

from functools import partial

from components.help import Help, reader
from components.help import button as _button

HELP: dict[str, Help] = {
    "learn.lesson": Help("Opens a lesson at the step where you left it."),
    "learn.step": Help("Shows a step of the lesson. The list says whether you were right."),
    "learn.open": Help("Opens the lesson at the step where you left it."),
    "learn.notebook": Help(
        "The lesson as a Jupyter notebook in plain Keras: predict in a cell, then run the experiment."
    ),
    "learn.predict": Help("Choose what you expect. The result is shown only after you submit."),
    "learn.sure": Help("How sure you are of it. You may leave this out."),
    "learn.keep": Help("Submits your prediction and shows the result. Your prediction cannot be changed afterwards."),
    "learn.why": Help("Shows the reason."),
    "learn.next": Help("Shows the next step of the lesson."),
    "learn.previous": Help("Shows the step before this one."),
    "learn.end": Help("Shows how many of your predictions were right, what was measured, and what comes next."),
    "learn.open_question": Help("Shows the first question whose result you have not seen."),
    "learn.all": Help("Shows the list of lessons."),
    "learn.restart": Help("Forgets your predictions in this lesson and shows its first step."),
    "learn.again": Help("Requests the result again."),
    "learn.train": Help("Trains both sides with these settings and shows the result here."),
    "learn.attempt": Help("Shows the experiment with a setting that fits what you expected."),
    "learn.back": Help("Shows the experiment as the step describes it."),
}

text, button = reader(HELP), partial(_button, HELP)
