"""Claim 4: outputs and targets of another shape."""

from __future__ import annotations

import re
from collections.abc import Mapping

from backend.claims.base import Claim, Measured, Verdict, able_styles, both, x_line
from backend.claims.recipes import assign_dict, targets, transfer_weights
from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.styles import STYLES, Style, why_not_fused

#: Shapes of a list or dict that are written out.
_SHOWN = 3

#: Sequences that the models are given.
SEQUENCES = 32

Shape = tuple[int, ...]
Shapes = Shape | list[Shape] | dict[str, Shape]


class Target(Measured):
    """What Keras made of one `form` of the targets: the total `loss`, or the `error` that it raised."""

    style: str
    form: str
    loss: float | None = None
    error: str | None = None


class Answers(Measured):
    """`predicted`: style key → shape(s) that `predict` returned; `answers`: one for each form of the targets."""

    predicted: dict[str, Shapes]
    answers: tuple[Target, ...]


def losses(architecture: Architecture, style: Style) -> str | list[str]:
    """The `loss` for `compile`, as people write it: one word where all heads have the same."""
    found = [head.loss for head in architecture.heads]
    return found[0] if style.one_output(architecture) or len(set(found)) == 1 else list(found)


def single(architecture: Architecture) -> int | None:
    """The first head that is a Dense(1), by position."""
    return next((i for i, head in enumerate(architecture.heads) if head.units == 1), None)


def judge(experiment: Experiment, evidence: Answers) -> Verdict:
    """Compare the shapes that `predict` returned; show what Keras made of each form of the targets."""
    architecture = experiment.architecture
    predicted = evidence.predicted
    answers = {(answer.style, answer.form): answer for answer in evidence.answers}
    rows = [
        {"style": STYLES[key].title, "given": "x, to predict", "Keras answers": _shapes(found)}
        for key, found in predicted.items()
    ]
    for (style, form), answer in answers.items():
        given, said = _given(architecture, form), _said(answer, answers[style, _RIGHT[style]].loss)
        rows.append({"style": STYLES[style].title, "given": given, "Keras answers": said})
    separate = f"Functional's `predict` gives {_shapes(predicted['functional'])}"
    silent = _silent(architecture, answers)
    if "sequential" not in predicted:
        reason = why_not_fused(architecture)
        return Verdict("does not apply", f"Nothing to compare, because {reason}. {separate}.{silent}", _WHY, rows)
    if predicted["sequential"] == predicted["functional"]:
        return Verdict("false", f"Both styles' `predict` gives {_shapes(predicted['sequential'])}.", _WHY, rows)
    return Verdict(
        "true", f"{separate}, Sequential's {_shapes(predicted['sequential'])}.{silent}", _THREAD + _WHY, rows
    )


_RIGHT = {"sequential": "columns", "functional": "list"}


def _silent(architecture: Architecture, answers: Mapping[tuple[str, str], Target]) -> str:
    """What a y with one column does to a Dense for all heads, in a sentence."""
    wrong, right = answers.get(("sequential", "one column")), answers.get(("sequential", "columns"))
    if wrong is None or right is None:
        return ""
    fused = f"`Dense({architecture.output_units})`"
    if wrong.loss is None or right.loss is None:
        return f" A y with one column for {fused} is refused."
    return f" A y with one column for {fused} is taken without a word: loss {wrong.loss:.3f}, not {right.loss:.3f}."


def _given(architecture: Architecture, form: str) -> str:
    n = SEQUENCES
    k, columns = len(architecture.heads), f"({n}, {architecture.output_units})"
    if form == "list":
        return f"y: a list of {k} arrays"
    if form == "flat":
        return f"y: a list of {k} arrays ({n},)"
    if form == "one column":
        return f"y: ({n}, 1)"
    if form == "columns":
        return f"y: one array {columns}"
    head = architecture.heads[single(architecture) or 0]
    return f"y: a list, with {columns} for {head.name}"


def _said(answer: Target, right: float | None) -> str:
    if answer.loss is None:
        return re.split(r"(?<=[.!?]) ", answer.error or "")[0]  # the first sentence says what is wrong
    if right is None or abs(answer.loss - right) <= 1e-6 * abs(right):
        return f"loss {answer.loss:.3f}"
    return f"loss {answer.loss:.3f} and no error; the right one is {right:.3f}"


def _shapes(found: Shapes) -> str:
    """A shape, a list of shapes or a dict of them as Python would write it, shortened."""
    if isinstance(found, dict):
        return f"{{{_first([f'{name}: {shape}' for name, shape in found.items()])}}}"
    if isinstance(found, list):
        return f"[{_first([str(shape) for shape in found])}]"
    return str(found)


def _first(words: list[str]) -> str:
    return ", ".join(words[:_SHOWN]) + (f", … {len(words)} in all" if len(words) > _SHOWN else "")


_THREAD = (
    "The thread writes (batch,) for each output; Keras keeps the last axis and gives (batch, units of the head), "
    "(batch, 1) for a Dense(1). "
)
_WHY = (
    "Each output has its own targets: a list for a model with several outputs, columns of one array for a fused one. "
    "Keras holds the two structures against each other, but within one output mse, mae and huber subtract with NumPy's "
    "rules: one column is compared with every output, and every column with one output. (The crossentropies refuse.) "
    "Give y the very shape that `predict` returns."
)


def code(experiment: Experiment) -> str:
    """Print what `predict` returns, and what each form of y gives."""
    architecture = experiment.architecture
    styles = able_styles(experiment)
    both_styles = "sequential" in styles
    compared = [style for style in styles if style in ("sequential", "functional")]
    return both(
        experiment,
        f"keras.utils.set_random_seed({experiment.training.seed})",
        *assign_dict("models", {style: f"{style}()" for style in styles}),
        x_line(experiment, SEQUENCES),
        *targets(experiment, SEQUENCES),
        "",
        "predicted = {}",
        "for style, model in models.items():",
        "    model.run_eagerly = True  # Keras checks the same, and nothing is compiled",
        "    predicted[style] = keras.tree.map_structure(np.shape, model.predict(x, verbose=0))",
        '    print(style, "predicts", predicted[style])',
        "",
        *(['a, b = models["sequential"], models["functional"]', *transfer_weights(experiment)] if both_styles else []),
        *assign_dict("losses", {style: repr(losses(architecture, STYLES[style])) for style in compared}),
        "forms = {",
        *(f"    {key}: {form}," for key, form in _forms(architecture, both_styles).items()),
        "}",
        "answers = []",
        "for (style, form), given in forms.items():",
        '    answer = {"style": style, "form": form}',
        "    # Compiled anew, because Keras remembers the form of the first targets it sees.",
        "    models[style].compile(loss=losses[style], run_eagerly=True)",
        "    try:",
        '        answer["loss"] = float(np.ravel(models[style].test_on_batch(x, given))[0])',
        "    except Exception as error:",
        '        said = str(error).strip("\'\\" \\n").split("\\n")[0]',
        '        answer["error"] = f"{type(error).__name__}: {said}"',
        "    answers.append(answer)",
        "    print(answer)",
        styles=styles,
    )


def _forms(architecture: Architecture, fused: bool) -> dict[str, str]:
    """The forms of the targets as source, by style and form: the right one first."""
    forms = {("functional", "list"): "heads", ("functional", "columns"): "y"}
    if architecture.output_units == len(architecture.heads):
        forms["functional", "flat"] = "[values[:, 0] for values in heads]"
    at = single(architecture)
    if at is not None:
        forms["functional", "columns into a head"] = f"heads[:{at}] + [y] + heads[{at + 1}:]"
    if fused:
        right = {
            ("sequential", "columns"): "y",
            ("sequential", "one column"): "y[:, :1]",
            ("sequential", "list"): "heads",
        }
        forms = right | forms
    return {f'("{style}", "{form}")': source for (style, form), source in forms.items()}


def _one_head(experiment: Experiment) -> str | None:
    if len(experiment.architecture.heads) == 1:
        return "one head is one output, and its y the same array in either style"
    return None


CLAIM = Claim(
    key="shapes",
    number=4,
    title="Outputs and targets of another shape",
    source="the second answer",
    statement="The networks are equivalent, but want their outputs in another shape: one array with a column a task, or an "
    "array for each task.",
    question="Give the fused model a y with one column only: what will Keras do?",
    options=("raise an error", "train on it without a word", "train the first output alone"),
    judge=judge,
    code=code,
    evidence=Answers,
    inapplicable_reason=_one_head,
)
