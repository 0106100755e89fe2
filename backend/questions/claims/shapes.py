"""Claim 4: the styles return outputs, and need targets, of different shapes."""

from __future__ import annotations

from collections.abc import Mapping

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.styles import STYLES, Style
from backend.questions.base import Measured
from backend.questions.claims.base import (
    CAREFUL,
    NO,
    YES,
    Claim,
    ClaimVerdict,
    Kind,
    assign_dict,
    needs_fused,
    script,
    supporting_styles,
    targets,
    x_line,
)
from backend.questions.claims.descent import transfer_lines
from backend.questions.pictures import Table
from backend.words import counted, short

#: The most shapes of a list or dict that are written out.
_SHOWN = 3

#: The number of sequences that the models get.
SEQUENCES = 32

Shape = tuple[int, ...]
Shapes = Shape | list[Shape] | dict[str, Shape]


class Target(Measured):
    """What Keras did with one `form` of the targets: the total `loss`, or the `error` that it raised."""

    style: str
    form: str
    loss: float | None = None
    error: str | None = None


class Responses(Measured):
    """`predicted`: style key → shape(s) that `predict` returned; `targets`: one entry for each form of the targets."""

    predicted: dict[str, Shapes]
    targets: tuple[Target, ...]


def losses(architecture: Architecture, style: Style) -> str | list[str]:
    """The `loss` for `compile`, as people write it: one name if all heads have the same loss."""
    names = [head.loss for head in architecture.heads]
    return names[0] if style.one_output(architecture) or len(set(names)) == 1 else list(names)


def first_single_unit(architecture: Architecture) -> int | None:
    """The position of the first head with one unit; None if there is none."""
    return next((i for i, head in enumerate(architecture.heads) if head.units == 1), None)


def judge(experiment: Experiment, evidence: Responses) -> ClaimVerdict:
    """Compare the shapes that `predict` returned; show what Keras did with each form of the targets."""
    predicted = evidence.predicted
    rows = [
        {"style": STYLES[key].title, "given": "x, for `predict`", "Keras": f"returns {_shapes_text(shapes)}"}
        for key, shapes in predicted.items()
    ]
    one, several = predicted["sequential"], predicted["functional"]
    finding = f"Sequential's `predict` returns {_form(one)}, and Functional's returns {_form(several)}."
    kind: Kind = "true" if isinstance(one, tuple) and isinstance(several, list) else "false"
    rows += _rows(evidence)
    return ClaimVerdict(_OPTION[type(several)], finding, _WHY, rows, kind=kind, figure=f"{len(several):,}")


OPTIONS = (
    "one array, as Sequential's does",
    "a list with an array for each head",
    "a dict with an array for each head",
)
_OPTION: Mapping[type, str] = {tuple: OPTIONS[0], list: OPTIONS[1], dict: OPTIONS[2]}


def _rows(evidence: Responses) -> list[dict[str, str]]:
    """A row for each form of the targets, the right one of each style first."""
    rows, right = [], dict[str, float | None]()
    for target in evidence.targets:
        first = right.setdefault(target.style, target.loss)
        if target.loss is None:
            cell = f"{NO} refuses it"
        else:
            same = first is None or abs(target.loss - first) <= 1e-6 * abs(first)
            cell = f"{YES if same else CAREFUL} loss {short(target.loss, 4)}{'' if same else ', no error'}"
        rows.append({"style": STYLES[target.style].title, "given": _FORMS[target.form], "Keras": cell})
    return rows


_FORMS = {
    "columns": "y: one array, all columns",
    "one column": "y: one array, one column",
    "list": "y: an array (n, units) for each head",
    "flat": "y: an array (n,) for each head",
    "columns into a head": "y: all columns for one head",
}


def picture(experiment: Experiment, evidence: Responses) -> Table:
    """What `predict` returns in each style."""
    rows = evidence.predicted.items()
    return Table([{"style": STYLES[key].title, "returns": _shapes_text(shapes)} for key, shapes in rows])


def _form(shapes: Shapes) -> str:
    """`one array`, `a list of 2 arrays`."""
    return "one array" if isinstance(shapes, tuple) else f"a {type(shapes).__name__} of {counted(len(shapes), 'array')}"


def _shapes_text(shapes: Shapes) -> str:
    """A shape, a list of shapes or a dict of them as Python would write it, shortened."""
    if isinstance(shapes, dict):
        return f"{{{_first_few([f'{name}: {shape}' for name, shape in shapes.items()])}}}"
    if isinstance(shapes, list):
        return f"[{_first_few([str(shape) for shape in shapes])}]"
    return str(shapes)


def _first_few(words: list[str]) -> str:
    return ", ".join(words[:_SHOWN]) + (f", … {len(words)} in all" if len(words) > _SHOWN else "")


_WHY = (
    "A model with several outputs needs a list of targets. A fused output needs one array with a column for each unit. "
    "Keras checks that the structures match. Within one output, however, mse, mae and huber broadcast as NumPy does: a "
    "single column is compared with every unit, or a single unit with every column. The crossentropies raise an error "
    "instead. Give y exactly the shape that `predict` returns."
)


def code(experiment: Experiment) -> str:
    """Print what `predict` returns, and what Keras does with each form of y."""
    architecture = experiment.architecture
    styles = supporting_styles(experiment)
    names = {style: repr(losses(architecture, STYLES[style])) for style in ("sequential", "functional")}
    at = first_single_unit(architecture)
    flat = '    ("functional", "flat"): [values[:, 0] for values in heads],\n'
    lines = f"""\
keras.utils.set_random_seed({experiment.training.seed})
{assign_dict("models", {style: f"{style}()" for style in styles})}
{x_line(experiment, SEQUENCES)}
{targets(experiment, SEQUENCES)}
a, b = models["sequential"], models["functional"]
{transfer_lines(experiment)}
{assign_dict("losses", names)}
forms = {{  # the right one of each style first
    ("sequential", "columns"): y,
    ("sequential", "one column"): y[:, :1],
    ("sequential", "list"): heads,
    ("functional", "list"): heads,
    ("functional", "columns"): y,
{flat if architecture.output_units == len(architecture.heads) else ""}"""
    if at is not None:
        lines += f'    ("functional", "columns into a head"): heads[:{at}] + [y] + heads[{at + 1}:],\n'
    return script(experiment, f"{lines}}}\n{_MEASUREMENT}", styles)


_MEASUREMENT = """
predicted = {}
for style, model in models.items():
    model.run_eagerly = True  # the same checks, without compiling
    predicted[style] = keras.tree.map_structure(np.shape, model.predict(x, verbose=0))
    print(style, "predicts", predicted[style])

targets = []
for (style, form), given in forms.items():
    result = {"style": style, "form": form}
    # Compile again, because Keras keeps the structure of the first targets that it sees.
    models[style].compile(loss=losses[style], run_eagerly=True)
    try:
        result["loss"] = float(np.ravel(models[style].test_on_batch(x, given))[0])
    except Exception as error:
        said = str(error).strip("'\\" \\n").split("\\n")[0]
        result["error"] = f"{type(error).__name__}: {said}"
    targets.append(result)
    print(result)
"""


CLAIM = Claim(
    key="shapes",
    number=4,
    title="Do both styles return the same shapes?",
    source="the second answer",
    statement="The networks are equivalent, but their outputs and targets have different shapes: one array with a "
    "column for each task, or one array for each task.",
    question="What does Functional's `predict` return?",
    options=OPTIONS,
    replies=("yes, one array", "no, a list of {} arrays", "no, a dict of {} arrays"),
    test=judge,
    draw=picture,
    code=code,
    evidence=Responses,
    inapplicable_reason=needs_fused,
)
