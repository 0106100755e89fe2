"""Claim 6: which optimizers forgive a loss that is summed in place of averaged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from backend.claims.base import Chart, Claim, Evidence, Kind, Verdict, both, needs_fused, x_line
from backend.claims.optimizer_readings import FORGIVEN, MATCH, Judged, judged, percent, span
from backend.claims.recipes import at_rate, calm_rate, losses, targets, transfer_weights
from backend.experiment import Experiment
from backend.experiment.training import OPTIMIZERS, Training
from backend.words import listed

#: A difference of 0 on a logarithmic axis.
_SMALLEST = 1e-17

TITLES = {"sgd": "SGD", "momentum": "SGD with momentum", "adam": "Adam", "adamw": "AdamW", "rmsprop": "RMSprop"}


def judge(experiment: Experiment, evidence: Evidence) -> Verdict:
    """Which optimizers keep the styles together with the losses summed, where the control with their mean holds."""
    found = {name: judged(readings) for name, readings in evidence["optimizers"].items()}
    clipped = evidence["clipnorm"]
    clipping = judged(clipped["readings"], evidence["optimizers"]["sgd"])
    rows = [_row(TITLES[name], each) for name, each in found.items()]
    rows.append(_row(f"SGD, clipnorm {clipped['limit']:g}", clipping))
    finding = " ".join(sentence for sentence in _finding(found, evidence["steps"]) if sentence)
    return Verdict(_kind(found), finding, _why(experiment, evidence), rows, _chart(found))


def _kind(found: Mapping[str, Judged]) -> Kind:
    """True or false without an "if" only where every optimizer was judged, and all alike."""
    answers = {each.answer for each in found.values()}
    if answers == {"no"}:
        return "true"
    if answers == {"yes"}:
        return "false"
    return "true if" if answers & {"no", "depends on the seed"} else "cannot tell"


def _finding(found: Mapping[str, Judged], steps: int) -> list[str]:
    groups = {
        answer: {name: each for name, each in found.items() if each.answer == answer}
        for answer in ("yes", "no", "depends on the seed", "cannot tell")
    }
    forgive, part, depends, unknown = groups.values()
    if len(unknown) == len(found):
        return ["These settings show of no optimizer whether it forgives the factor.", _unknown(unknown)]
    kind = _kind(found)
    told = []
    if kind == "true if":
        told.append(
            "True only with an optimizer that does not forgive the factor."
            if forgive or depends
            else "True with every optimizer that could be judged, but not all could."
        )
    elif kind == "cannot tell":
        told.append("No optimizer that could be judged makes the styles train differently, but not all could.")
    measure = f" of what {steps} steps of training changed in them"
    for group, verb in (
        (forgive, "forgives" if len(forgive) == 1 else "forgive"),
        (part, "does not forgive" if len(part) == 1 else "do not forgive"),
    ):
        if group:
            told.append(
                f"{_titles(group)} {verb} the factor: the styles' predictions differ by {_span(group)}{measure}."
            )
            measure = ""
    if depends:
        told.append(f"With {_titles(depends)} it depends on the seed: they differ by {_span(depends)}{measure}.")
    return [*told, _unknown(unknown), _some_left_out(found), _control(found)]


def _unknown(unknown: Mapping[str, Judged]) -> str:
    if not unknown:
        return ""
    by_reason: dict[str, list[str]] = {}
    for name, each in unknown.items():
        by_reason.setdefault(each.why_not(), []).append(name)
    reasons = "; ".join(f"{_titles(names)} ({reason})" for reason, names in by_reason.items())
    seeds = next(iter(unknown.values())).seeds
    return f"Of {seeds} seeds, too few can be judged with {reasons}: cannot tell."


def _some_left_out(found: Mapping[str, Judged]) -> str:
    some = [name for name, each in found.items() if each.answer != "cannot tell" and each.problems]
    if not some:
        return ""
    return f"With {_titles(some)} one seed cannot be judged, and the others decide (see the table)."


def _control(found: Mapping[str, Judged]) -> str:
    largest = max(max(each.control) for each in found.values() if each.answer != "cannot tell")
    how = f"differ by no more than {percent(largest)}" if largest else "agree to the last bit"
    return f"The control: with the mean of the losses the gradients are equal, and all that count {how}."


def _span(group: Mapping[str, Judged]) -> str:
    return span([share for each in group.values() for share in each.apart])


def _chart(found: Mapping[str, Judged]) -> Chart | None:
    known = {TITLES[name]: each for name, each in found.items() if each.answer != "cannot tell"}
    if not known:
        return None
    series = {
        "sum, least": [min(each.apart) for each in known.values()],
        "sum, most": [max(each.apart) for each in known.values()],
        "mean, most": [max(each.control) for each in known.values()],
    }
    shown = {name: [max(value, _SMALLEST) for value in values] for name, values in series.items()}
    return Chart("bars", list(known), shown, y_title="difference, as a share of what training changed", log=True)


def _row(title: str, each: Judged) -> dict[str, str]:
    return {
        "optimizer": title,
        "predictions differ, losses summed": _cell(each.apart),
        "forgives the factor": each.answer,
        "predictions differ, mean of the losses": _cell(each.control),
        "agrees with the mean": each.agrees(),
        "seeds that count": f"{len(each.apart)} of {each.seeds}" + (f" ({each.why_not()})" if each.problems else ""),
    }


def _cell(shares: Sequence[float]) -> str:
    return span(shares) if shares else "–"


def _why(experiment: Experiment, evidence: Evidence) -> str:
    heads, units = experiment.architecture.heads, experiment.architecture.output_units
    alike = len({head.units for head in heads}) == 1
    factor = (
        f"The summed loss has {len(heads)} times the gradient of the mean. "
        if alike
        else "The summed loss counts each head Σu/uᵢ times as much as the mean does. Those factors differ, so the "
        "trunk's gradient points elsewhere, which no optimizer can undo. "
    )
    seeds = evidence["seeds"]
    return factor + (
        "SGD takes steps that much longer. Adam and AdamW divide a gradient by its own running size, which cancels a "
        "factor but for the ε = 1e-7 beside it. That rest is small in one step, and training can make it grow: it "
        "stays small in a linear trunk at a low rate, and reaches tens of percent with ReLUs or at a high rate. "
        "RMSprop divides too, but Keras adds its ε under the root, where it weighs like 3e-4, and more than a small "
        "gradient does. With the weights uᵢ/Σu the gradients are equal, and a rule that treats each number by itself "
        "cannot tell the styles apart. So that is the control: where these two differ by more than "
        f"{percent(MATCH)}, training has made round-off grow, and a seed does not count. Nor does it where the outputs "
        "became the same for every sequence, as when all ReLUs of a layer have died: two constants agree easily. A "
        "rule that looks at a whole variable can tell the styles apart: clipnorm shortens each variable's gradient to "
        f"a norm of {evidence['clipnorm']['limit']:g}, and the output kernel is one variable of {units} columns in one "
        f"style and {len(heads)} variables, each with a smaller norm, in the other. (Measured {at_rate(experiment)} "
        f"with the seeds {seeds[0]} to {seeds[-1]}: the root mean square of the difference, over that of what training "
        "changed in the style that it changed most, in the head where this share is largest. An optimizer forgives "
        f"where all seeds that count stay within {percent(FORGIVEN)}.)"
    )


def _titles(names: Iterable[str]) -> str:
    return listed(TITLES[name] for name in names)


def code(experiment: Experiment) -> str:
    """Print what claim 6 measures, for SGD and Adam, with the losses summed and with their mean, in float64."""
    architecture = experiment.architecture
    mean = list(Training(combine="mean").loss_weights(architecture))
    ends = [sum(head.units for head in architecture.heads[:i]) for i in range(1, len(architecture.heads))]
    rate = repr(calm_rate(experiment))
    return both(
        experiment,
        'keras.config.set_floatx("float64")',
        x_line(experiment, 256),
        *targets(experiment, 256),
        "",
        "def predicted(model):",
        "    return np.concatenate(keras.tree.flatten(model.predict(x, verbose=0)), axis=1)",
        "",
        "def trained(model, optimizer, y, loss, weights=None):",
        "    model.compile(optimizer=optimizer, loss=loss, loss_weights=weights)",
        "    model.fit(x, y, batch_size=32, epochs=12, shuffle=False, verbose=0)",
        "    return predicted(model)",
        "",
        "def size(values):  # the root mean square of each head",
        f"    return np.array([np.sqrt(np.mean(part**2)) for part in np.split(values, {ends}, axis=1)])",
        "",
        "def compared(optimizer, weights):",
        f"    keras.utils.set_random_seed({experiment.training.seed})  # try others: one seed is not enough",
        "    a, b = sequential(), functional()",
        *(f"    {line}" for line in transfer_weights(experiment)),
        "    start = predicted(a)",
        f'    one = trained(a, optimizer(), y, "{architecture.heads[0].loss}")',
        f"    other = trained(b, optimizer(), heads, {losses(experiment)}, weights)",
        "    changed = np.maximum(size(one - start), size(other - start))",
        "    varies = min(size(end - end.mean(axis=0)).min() for end in (one, other))  # 0: the network has died",
        '    return f"apart {(size(one - other) / changed).max():.1e}, outputs vary by {varies:.1e}"',
        "",
        f"sgd = lambda: {OPTIMIZERS['sgd'].format(rate=rate)}",
        f"adam = lambda: {OPTIMIZERS['adam'].format(rate=rate)}",
        f'for how, weights in {{"sum": None, "mean": {mean}}}.items():',
        '    for name, optimizer in {"SGD": sgd, "Adam": adam}.items():',
        "        print(how, name, compared(optimizer, weights))",
    )


CLAIM = Claim(
    key="optimizers",
    number=6,
    title="Which optimizers forgive the factor",
    source="the second answer",
    statement="The losses differ, one averaged and one summed. What the answer leaves open: so the two also train "
    "differently.",
    question="Start both from the same weights and train them with Adam: how far apart are they after 100 steps (fewer for "
    "a large model)?",
    options=("not at all", "hardly", "far"),
    judge=judge,
    code=code,
    inapplicable_reason=needs_fused,
)
