"""Claim 4: outputs and targets of another shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from backend.architecture import Architecture
from backend.claims.base import Claim, Evidence, Verdict, both, x_line
from backend.experiment import Experiment
from backend.styles import STYLES, Style, why_not_fused

#: Shapes of a list or dict that are written out.
_SHOWN = 3


def losses(architecture: Architecture, style: Style) -> str | list[str]:
    """The `loss` for `compile`, as people write it: one word where all heads have the same."""
    found = [head.loss for head in architecture.heads]
    return found[0] if style.one_output(architecture) or len(set(found)) == 1 else list(found)


def single(architecture: Architecture) -> int | None:
    """The first head that is a Dense(1), by position."""
    return next((i for i, head in enumerate(architecture.heads) if head.units == 1), None)


def judge(experiment: Experiment, evidence: Evidence) -> Verdict:
    """Compare the shapes that `predict` returned; show what Keras made of each form of the targets."""
    architecture = experiment.architecture
    n: int = evidence["sequences"]
    predicted: dict[str, Any] = evidence["predict"]
    answers: dict[tuple[str, str], Mapping[str, Any]] = {(r["style"], r["form"]): r for r in evidence["targets"]}
    rows = [
        {"style": STYLES[key].title, "given": "x, to predict", "Keras answers": _shapes(found)}
        for key, found in predicted.items()
    ]
    for (style, form), answer in answers.items():
        right = answers[style, _RIGHT[style]].get("loss")
        given, said = _given(architecture, n, form), _said(answer, right)
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


def _silent(architecture: Architecture, answers: Mapping[tuple[str, str], Mapping[str, Any]]) -> str:
    """What a y with one column does to a Dense for all heads, in a sentence."""
    wrong, right = answers.get(("sequential", "one column")), answers.get(("sequential", "columns"))
    if wrong is None or right is None:
        return ""
    fused = f"`Dense({architecture.output_units})`"
    if "loss" not in wrong:
        return f" A y with one column for {fused} is refused."
    return (
        f" A y with one column for {fused} is taken without a word: loss {wrong['loss']:.3f}, not {right['loss']:.3f}."
    )


def _given(architecture: Architecture, n: int, form: str) -> str:
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


def _said(answer: Mapping[str, Any], right: float | None) -> str:
    if "error" in answer:
        return str(answer["error"])
    if right is None or abs(answer["loss"] - right) <= 1e-6 * abs(right):
        return f"loss {answer['loss']:.3f}"
    return f"loss {answer['loss']:.3f} and no error; the right one is {right:.3f}"


def _shapes(found: Any) -> str:
    """A shape, a list of shapes or a dict of them as Python would write it, shortened."""
    if isinstance(found, Mapping):
        return f"{{{_first([f'{name}: {tuple(shape)}' for name, shape in found.items()])}}}"
    if found and isinstance(found[0], Sequence):
        return f"[{_first([str(tuple(shape)) for shape in found])}]"
    return str(tuple(found))


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
    keys = [key for key in ("sequential", "functional") if not STYLES[key].refusal(architecture)]
    n, width = 32, architecture.output_units
    crossed = any("crossentropy" in head.loss for head in architecture.heads)
    ends = [sum(head.units for head in architecture.heads[: i + 1]) for i in range(len(architecture.heads) - 1)]
    at = single(architecture)
    cases = []
    if "sequential" in keys:
        loss = repr(losses(architecture, STYLES["sequential"]))
        cases += [("sequential", loss, form) for form in ("y", "y[:, :1]", "heads")]
    loss = repr(losses(architecture, STYLES["functional"]))
    cases += [("functional", loss, form) for form in ("heads", "y")]
    if at is not None:
        cases.append(("functional", loss, f"heads[:{at}] + [y] + heads[{at + 1}:]"))
    return both(
        experiment,
        x_line(experiment, n),
        f'y = np.random.default_rng(1).normal(size=({n}, {width})).astype("float32")',
        *(['y = (y > 0).astype("float32")'] if crossed else []),
        f"heads = np.split(y, {ends}, axis=1)",
        "",
        "def answer(model, loss, y):",
        "    model.compile(loss=loss, run_eagerly=True)",
        "    try:",
        "        return model.test_on_batch(x, y)",
        "    except Exception as error:",
        "        return type(error).__name__, str(error).splitlines()[0]",
        "",
        *(f"print(keras.tree.map_structure(np.shape, {key}().predict(x, verbose=0)))" for key in keys),
        *(f'print("{key}", {form!r}, answer({key}(), {loss}, {form}))' for key, loss, form in cases),
        styles=(keys[0], keys[-1]),
    )


def _one_head(experiment: Experiment) -> str | None:
    if len(experiment.architecture.heads) == 1:
        return "one head is one output, and its y the same array in either style"
    return None


CLAIM = Claim(
    key="shapes",
    number=4,
    title="Outputs and targets of another shape",
    who="the second answer",
    says="The networks are equivalent, but want their outputs in another shape: one array with a column a task, or an "
    "array for each task.",
    asks="Give the fused model a y with one column only: what will Keras do?",
    answers=("raise an error", "train on it without a word", "train the first output alone"),
    judge=judge,
    code=code,
    applies=_one_head,
)
