"""Claim 4: the styles return outputs, and need targets, of different shapes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from backend.claims.base import Claim, Measured, Verdict, script, supporting_styles, x_line
from backend.claims.recipes import assign_dict, targets, weight_transfer_lines
from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.styles import STYLES, Style, why_not_fused
from backend.words import short

#: How many shapes of a list or dict are written out.
_SHOWN = 3

#: Sequences that the models are given.
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
    """`predicted`: style key → shape(s) that `predict` returned; `targets`: one for each form of the targets."""

    predicted: dict[str, Shapes]
    targets: tuple[Target, ...]


def losses(architecture: Architecture, style: Style) -> str | list[str]:
    """The `loss` for `compile`, as people write it: one name where all heads have the same loss."""
    found = [head.loss for head in architecture.heads]
    return found[0] if style.one_output(architecture) or len(set(found)) == 1 else list(found)


def single(architecture: Architecture) -> int | None:
    """The first head that is a Dense(1), by position."""
    return next((i for i, head in enumerate(architecture.heads) if head.units == 1), None)


def judge(experiment: Experiment, evidence: Responses) -> Verdict:
    """Compare the shapes that `predict` returned; show what Keras did with each form of the targets."""
    architecture = experiment.architecture
    predicted = evidence.predicted
    results = {(target.style, target.form): target for target in evidence.targets}
    rows = [
        {"style": STYLES[key].title, "given": "x, for `predict`", "result in Keras": f"outputs {_shapes(found)}"}
        for key, found in predicted.items()
    ]
    for (style, form), result in results.items():
        given, said = _given(architecture, form), _result(result, results[style, _RIGHT[style]].loss)
        rows.append({"style": STYLES[style].title, "given": given, "result in Keras": said})
    separate = f"Functional's `predict` returns {_shapes(predicted['functional'])}"
    if "sequential" not in predicted:
        found = f"There is no Sequential model to compare, because {why_not_fused(architecture)}. {separate}."
        return Verdict("not applicable", found, _WHY, rows)
    if predicted["sequential"] == predicted["functional"]:
        return Verdict("false", f"`predict` returns {_shapes(predicted['sequential'])} in both styles.", _WHY, rows)
    found = f"{separate}. Sequential's returns {_shapes(predicted['sequential'])}. {_one_column(architecture, results)}"
    return Verdict("true", found.strip(), _THREAD + _WHY, rows)


_RIGHT = {"sequential": "columns", "functional": "list"}


def _one_column(architecture: Architecture, results: Mapping[tuple[str, str], Target]) -> str:
    """What Keras does with a y of one column for a Dense layer of all heads, in a sentence."""
    wrong, right = results.get(("sequential", "one column")), results.get(("sequential", "columns"))
    if wrong is None or right is None:
        return ""
    fused = f"`Dense({architecture.output_units})`"
    if wrong.loss is None or right.loss is None:
        return f"Keras refuses a y with one column for {fused}."
    return (
        f"Keras accepts a y with one column for {fused} without a warning. The loss is then {short(wrong.loss, 4)}; "
        f"with the right y it is {short(right.loss, 4)}."
    )


def _given(architecture: Architecture, form: str) -> str:
    n = SEQUENCES
    k, columns = len(architecture.heads), f"({n}, {architecture.output_units})"
    if form == "list":
        return f"y: a list of {k} arrays"
    if form == "flat":
        return f"y: a list of {k} arrays of shape ({n},)"
    if form == "one column":
        return f"y: one array of shape ({n}, 1)"
    if form == "columns":
        return f"y: one array of shape {columns}"
    head = architecture.heads[single(architecture) or 0]
    return f"y: a list, with shape {columns} for {head.name}"


def _result(target: Target, right: float | None) -> str:
    if target.loss is None:
        return re.split(r"(?<=[.!?]) ", target.error or "")[0]  # the first sentence says what is wrong
    loss = f"loss {short(target.loss, 4)}"
    if right is None or abs(target.loss - right) <= 1e-6 * abs(right):
        return loss
    return f"{loss} and no error; with the right y it is {short(right, 4)}"


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
    "The thread writes that each output has shape (batch,). In fact Keras keeps the last axis: the shape is (batch, "
    "units of the head), so (batch, 1) for a Dense(1). "
)
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
    both_styles = "sequential" in styles
    compared = [style for style in styles if style in ("sequential", "functional")]
    return script(
        experiment,
        f"keras.utils.set_random_seed({experiment.training.seed})",
        *assign_dict("models", {style: f"{style}()" for style in styles}),
        x_line(experiment, SEQUENCES),
        *targets(experiment, SEQUENCES),
        "",
        "predicted = {}",
        "for style, model in models.items():",
        "    model.run_eagerly = True  # the same checks, without compiling",
        "    predicted[style] = keras.tree.map_structure(np.shape, model.predict(x, verbose=0))",
        '    print(style, "predicts", predicted[style])',
        "",
        *(
            ['a, b = models["sequential"], models["functional"]', *weight_transfer_lines(experiment)]
            if both_styles
            else []
        ),
        *assign_dict("losses", {style: repr(losses(architecture, STYLES[style])) for style in compared}),
        "forms = {",
        *(f"    {key}: {form}," for key, form in _forms(architecture, both_styles).items()),
        "}",
        "targets = []",
        "for (style, form), given in forms.items():",
        '    result = {"style": style, "form": form}',
        "    # Compile again, because Keras keeps the structure of the first targets that it sees.",
        "    models[style].compile(loss=losses[style], run_eagerly=True)",
        "    try:",
        '        result["loss"] = float(np.ravel(models[style].test_on_batch(x, given))[0])',
        "    except Exception as error:",
        '        said = str(error).strip("\'\\" \\n").split("\\n")[0]',
        '        result["error"] = f"{type(error).__name__}: {said}"',
        "    targets.append(result)",
        "    print(result)",
        styles=styles,
    )


def _forms(architecture: Architecture, fused: bool) -> dict[str, str]:
    """The forms of the targets as source, by style and form, the right one first."""
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
        return "a single head is one output, and its targets are the same array in either style"
    return None


CLAIM = Claim(
    key="shapes",
    number=4,
    title="Outputs and targets of different shapes",
    source="the second answer",
    statement="The networks are equivalent, but their outputs and targets have different shapes: one array with a "
    "column for each task, or one array for each task.",
    question="What does Keras do if the fused model is given a y with only one column?",
    options=("raise an error", "train on it without a warning", "train only the first output"),
    judge=judge,
    code=code,
    evidence=Responses,
    inapplicable_reason=_one_head,
)
