"""Claim 6: which optimizers forgive a loss that is summed in place of averaged."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from backend.claims.base import Chart, Claim, Evidence, Kind, Verdict, both, needs_fused, x_line
from backend.claims.recipes import at_rate, calm_rate, carry, losses, targets
from backend.experiment import Experiment
from backend.training import OPTIMIZERS, Training

#: Outputs that part by no more than this share of the way they went are forgiven.
FORGIVEN = 0.03

#: The same for round-off in float64, which many steps at a high rate can make grow.
MATCH = 1e-6

#: A difference of 0 on a logarithmic axis.
_SMALLEST = 1e-17

TITLES = {"sgd": "SGD", "momentum": "SGD with momentum", "adam": "Adam", "adamw": "AdamW", "rmsprop": "RMSprop"}


def judge(experiment: Experiment, evidence: Evidence) -> Verdict:
    """Which optimizers keep the styles together: with the losses summed, and with their mean."""
    found: Mapping[str, Mapping[str, float]] = evidence["optimizers"]
    shares = {name: _shares(row) for name, row in found.items()}
    known = {name: row for name, row in shares.items() if not math.isnan(row["sum"])}
    clipped = evidence["clipnorm"]
    rows = [_row(TITLES[name], found[name], shares[name]) for name in found]
    rows.append(_row(f"SGD, clipnorm {clipped['limit']:g}", clipped, _shares(clipped)))
    if not known:
        reason = f"{at_rate(experiment)} the outputs do not move, or leave the numbers"
        return Verdict("does not apply", f"Nothing to compare: {reason}.", "", rows)
    part = [name for name, row in known.items() if row["sum"] > FORGIVEN]
    forgive = [name for name in known if name not in part]
    forgiven = _percent(known[name]["sum"] for name in forgive)
    parted = _percent(known[name]["sum"] for name in part)
    verb = "forgive" if len(forgive) > 1 else "forgives"
    way = f"after {evidence['steps']} steps the predictions are apart by {forgiven or parted} of the way that they went"
    kind: Kind
    if not part:
        kind = "false"
        finding = f"{_listed(forgive)} {verb} the factor: {way}."
    elif not forgive:
        kind = "true"
        finding = f"{_listed(part)} {'do' if len(part) > 1 else 'does'} not forgive the factor: {way}."
    else:
        kind = "true if"
        finding = (
            f"True only with an optimizer that does not forgive the factor. {_listed(forgive)} {verb} it: {way}. With "
            f"{_listed(part)} they are apart by {parted}."
        )
    return Verdict(kind, f"{finding} {_together(known)}", _why(experiment, evidence), rows, _chart(known))


def _shares(row: Mapping[str, float]) -> dict[str, float]:
    """The differences as shares of the way that the outputs went; NaN where they went nowhere, or left the numbers."""
    defined = row["moved"] and math.isfinite(row["moved"])
    return {how: row[how] / row["moved"] if defined else math.nan for how in ("sum", "mean")}


def _chart(known: Mapping[str, Mapping[str, float]]) -> Chart | None:
    finite = {TITLES[name]: row for name, row in known.items() if math.isfinite(row["sum"] + row["mean"])}
    if not finite:
        return None
    series = {how: [max(row[how], _SMALLEST) for row in finite.values()] for how in ("sum", "mean")}
    return Chart("bars", list(finite), series, y_title="apart, as a share of the way", log=True)


def _together(known: Mapping[str, Mapping[str, float]]) -> str:
    apart = [name for name, row in known.items() if not row["mean"] <= MATCH]
    if apart:
        return f"With the mean of the losses, {_listed(apart)} still part{'s' if len(apart) == 1 else ''}."
    most = max(row["mean"] for row in known.values())
    how = f"to {most:.0e} of the way" if most else "to the last bit"
    return f"With the mean of the losses every one keeps them together, {how}."


def _row(title: str, row: Mapping[str, float], share: Mapping[str, float]) -> dict[str, str]:
    return {
        "optimizer": title,
        "outputs moved by": _number(row["moved"]),
        "apart, losses summed": _number(row["sum"]),
        "forgives the factor": _answer(share["sum"], FORGIVEN),
        "apart, their mean": _number(row["mean"]),
        "agrees with the mean": _answer(share["mean"], MATCH),
    }


def _answer(share: float, limit: float) -> str:
    return "cannot tell" if math.isnan(share) else "yes" if share <= limit else "no"


def _why(experiment: Experiment, evidence: Evidence) -> str:
    heads, units = experiment.architecture.heads, experiment.architecture.output_units
    alike = len({head.units for head in heads}) == 1
    factor = (
        f"The summed loss has {len(heads)} times the gradient of the mean. "
        if alike
        else "The summed loss counts each head Σu/uᵢ times as much as the mean does. Those factors differ, so the "
        "trunk's gradient points elsewhere, which no optimizer can undo. "
    )
    return factor + (
        "SGD takes steps that much longer. Adam and AdamW divide a gradient by its own running size, which cancels a "
        "factor but for the ε = 1e-7 beside it. RMSprop divides too, but Keras adds its ε under the root, where it "
        "weighs like 3e-4, and more than a small gradient does. With the weights uᵢ/Σu the gradients are equal, and "
        "a rule that treats each number by itself cannot tell the styles apart. A rule that looks at a whole "
        f"variable can: clipnorm shortens each variable's gradient to a norm of {evidence['clipnorm']['limit']:g}, "
        f"and the output kernel is one variable of {units} columns in one style and {len(heads)} variables, each with "
        f"a smaller norm, in the other. (Measured {at_rate(experiment)}; "
        f"forgiven is what keeps within {100 * FORGIVEN:g}% of the way.)"
    )


def _percent(shares: Iterable[float]) -> str:
    largest = max(shares, default=None)
    if largest is None:
        return ""
    if not math.isfinite(largest):
        return "more than any number"
    return f"up to {100 * largest:.2g}%" if largest < 0.1 else f"up to {largest:.0%}"


def _number(value: float) -> str:
    return f"{value:.1e}" if math.isfinite(value) else "left the numbers"


def _listed(names: list[str]) -> str:
    *first, last = [TITLES[name] for name in names]
    return f"{', '.join(first)} and {last}" if first else last


def code(experiment: Experiment) -> str:
    """Print the largest difference of the predictions under two optimizers, with sum and mean, in float64."""
    architecture = experiment.architecture
    mean = list(Training(combine="mean").loss_weights(architecture))
    rate = repr(calm_rate(experiment))
    return both(
        experiment,
        'keras.config.set_floatx("float64")',
        x_line(experiment, 256),
        *targets(experiment, 256),
        "",
        "def trained(model, optimizer, y, loss, weights=None):",
        "    model.compile(optimizer=optimizer, loss=loss, loss_weights=weights)",
        "    model.fit(x, y, batch_size=32, epochs=12, shuffle=False, verbose=0)",
        "    return np.concatenate(keras.tree.flatten(model.predict(x, verbose=0)), axis=1)",
        "",
        "def difference(optimizer, weights):",
        "    a, b = sequential(), functional()",
        *(f"    {line}" for line in carry(experiment)),
        f'    one = trained(a, optimizer(), y, "{architecture.heads[0].loss}")',
        f"    other = trained(b, optimizer(), heads, {losses(experiment)}, weights)",
        "    return np.abs(one - other).max()",
        "",
        f"sgd = lambda: {OPTIMIZERS['sgd'].format(rate=rate)}",
        f"adam = lambda: {OPTIMIZERS['adam'].format(rate=rate)}",
        f'for how, weights in {{"sum": None, "mean": {mean}}}.items():',
        '    print(how, "SGD", difference(sgd, weights), "Adam", difference(adam, weights))',
    )


CLAIM = Claim(
    key="optimizers",
    number=6,
    title="Which optimizers forgive the factor",
    who="the second answer",
    says="The losses differ, one averaged and one summed. What the answer leaves open: so the two also train "
    "differently.",
    asks="Start both from the same weights and train them with Adam: how far apart are they after 100 steps?",
    answers=("not at all", "hardly", "far"),
    judge=judge,
    code=code,
    applies=needs_fused,
)
