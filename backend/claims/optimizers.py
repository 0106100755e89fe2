"""Claim 6: which optimizers cancel the factor between a summed and an averaged loss.

The worker does not execute the shown code but measures in `backend/worker/claims/optimizers.py`, which says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from backend.claims.base import (
    NO,
    UNSURE,
    YES,
    Claim,
    Kind,
    Verdict,
    needs_fused,
    script,
    x_line,
)
from backend.claims.optimizer_readings import (
    CANCELS,
    MATCH,
    Answer,
    Judgement,
    Trainings,
    judge_readings,
    percent,
    span,
)
from backend.claims.pictures import Readings, Reference, Spread, of_style
from backend.claims.recipes import at_rate, comparison_rate, losses, targets, weight_transfer_lines
from backend.experiment import Experiment
from backend.experiment.training import OPTIMIZERS, Training
from backend.words import listed, short

#: Stands for a difference of 0 on a logarithmic axis.
_SMALLEST = 1e-17

TITLES = {"sgd": "SGD", "momentum": "SGD with momentum", "adam": "Adam", "adamw": "AdamW", "rmsprop": "RMSprop"}


def proposition(experiment: Experiment) -> str:
    """With the visitor's optimizer."""
    return (
        f"With {TITLES[experiment.training.optimizer]} and summed losses, Sequential and Functional train differently."
    )


def judge(experiment: Experiment, evidence: Trainings) -> Verdict:
    """Whether the visitor's optimizer makes the styles agree with summed losses, where the control agrees."""
    found = {name: judge_readings(readings) for name, readings in evidence.optimizers.items()}
    clipping = judge_readings(evidence.clipnorm.readings, evidence.optimizers["sgd"])
    rows = [_row(TITLES[name], each) for name, each in found.items()]
    rows.append(_row(f"SGD, clipnorm {short(evidence.clipnorm.limit, 1)}", clipping))
    mine = experiment.training.optimizer
    others = " ".join(sentence for sentence in _others(found, evidence.steps) if sentence)
    kind, answer = _ANSWERS[found[mine].answer]
    why = f"{others}\n\n{_why(experiment, evidence)}"
    return Verdict(kind, _finding(TITLES[mine], found[mine], evidence.steps), why, rows, _picture(found, mine), answer)


OPTIONS = (
    f"by at most {percent(CANCELS)}: they train alike",
    f"by more than {percent(CANCELS)}: they train differently",
    "that depends on the seed",
)
#: The answer to "does the optimizer cancel the factor" → the verdict, and the option that it gives.
_ANSWERS: Mapping[Answer, tuple[Kind, str | None]] = {
    "yes": ("false", OPTIONS[0]),
    "no": ("true", OPTIONS[1]),
    "depends on the seed": ("undecided", OPTIONS[2]),
    "undecided": ("undecided", None),
}


def _finding(title: str, mine: Judgement, steps: int) -> str:
    if mine.answer == "undecided":
        return f"Too few of the {mine.seeds} seeds can be judged with {title}: {mine.exclusions()}."
    seeds = len(mine.differences)
    differ = (
        f"After {steps} steps, their predictions differ by {span(mine.differences)} of what training changed "
        f"({seeds} seeds)"
    )
    return {
        "yes": f"{differ}: {title} cancels the factor.",
        "no": f"{differ}: {title} does not cancel the factor.",
        "depends on the seed": f"{differ}: with {title} it depends on the seed whether that is more than "
        f"{percent(CANCELS)}.",
    }[mine.answer]


def _others(found: Mapping[str, Judgement], steps: int) -> list[str]:
    """What each optimizer does, in a sentence for each group of them."""
    groups = {
        answer: {name: each for name, each in found.items() if each.answer == answer}
        for answer in ("yes", "no", "depends on the seed", "undecided")
    }
    cancel, keep, depends, unknown = groups.values()
    if len(unknown) == len(found):
        return ["With these settings, no training shows whether its optimizer cancels the factor.", _unknown(unknown)]
    sentences = []
    measure = f" of how far {steps} steps of training moved them"
    for group, verb in (
        (cancel, "cancels" if len(cancel) == 1 else "cancel"),
        (keep, "does not cancel" if len(keep) == 1 else "do not cancel"),
    ):
        if group:
            sentences.append(
                f"{_titles(group)} {verb} the factor: the predictions of the two styles differ by "
                f"{_span(group)}{measure}."
            )
            measure = ""
    if depends:
        sentences.append(
            f"With {_titles(depends)} it depends on the seed: the predictions differ by {_span(depends)}{measure}."
        )
    return [*sentences, _unknown(unknown), _partly_excluded(found), _control(found)]


def _unknown(unknown: Mapping[str, Judgement]) -> str:
    if not unknown:
        return ""
    by_reason: dict[str, list[str]] = {}
    for name, each in unknown.items():
        by_reason.setdefault(each.exclusions(), []).append(name)
    reasons = "; ".join(f"{_titles(names)} ({reason})" for reason, names in by_reason.items())
    seeds = next(iter(unknown.values())).seeds
    return f"Undecided, because too few of the {seeds} seeds can be judged: {reasons}."


def _partly_excluded(found: Mapping[str, Judgement]) -> str:
    some = [name for name, each in found.items() if each.answer != "undecided" and each.problems]
    if not some:
        return ""
    return f"With {_titles(some)}, one seed cannot be judged, and the others decide (see the table)."


def _control(found: Mapping[str, Judgement]) -> str:
    largest = max(max(each.control) for each in found.values() if each.answer != "undecided")
    how = f"differ by at most {percent(largest)}" if largest else "agree to the last bit"
    return (
        "The control: with averaged losses both styles have equal gradients, and in every seed that counts the "
        f"predictions {how}."
    )


def _span(group: Mapping[str, Judgement]) -> str:
    return span([share for each in group.values() for share in each.differences])


def _picture(found: Mapping[str, Judgement], mine: str) -> Spread | None:
    """The difference in each seed that counts, by optimizer, beside the limit."""
    rows = [
        Readings(
            TITLES[name] + (" (yours)" if name == mine else ""),
            [max(share, _SMALLEST) for share in each.differences],
            of_style("functional"),
            emphasised=name == mine,
        )
        for name, each in found.items()
        if each.answer != "undecided"
    ]
    if not rows:
        return None
    title = "Difference ÷ what training changed, by seed"
    limit = Reference(CANCELS, f"alike ← {percent(CANCELS)} → different")
    return Spread(title, rows, limit, shares=True)


_MARKED: Mapping[Answer, str] = {
    "yes": f"{YES} yes",
    "no": f"{NO} no",
    "depends on the seed": f"{UNSURE} depends on the seed",
    "undecided": f"{UNSURE} undecided",
}


def _row(title: str, each: Judgement) -> dict[str, str]:
    excluded = f" ({each.exclusions()})" if each.problems else ""
    return {
        "optimizer": title,
        "difference with summed losses": _cell(each.differences),
        "cancels the factor": _MARKED[each.answer],
        "difference with averaged losses": _cell(each.control),
        "agrees with averaged losses": _MARKED[each.control_agrees()],
        "seeds that count": f"{len(each.differences)} of {each.seeds}{excluded}",
    }


def _cell(shares: Sequence[float]) -> str:
    return span(shares) if shares else "–"


def _why(experiment: Experiment, evidence: Trainings) -> str:
    heads, units = experiment.architecture.heads, experiment.architecture.output_units
    equal_units = len({head.units for head in heads}) == 1
    factor = (
        f"The gradient of the summed loss is {len(heads)} times that of the averaged loss. "
        if equal_units
        else "The summed loss counts each head Σu/uᵢ times as much as the averaged loss does. These factors differ, so "
        "the trunk's gradient has another direction, and no optimizer can cancel that. "
    )
    seeds = evidence.seeds
    return factor + (
        "SGD takes correspondingly longer steps. Adam and AdamW divide a gradient by its running size. This "
        "cancels a factor, except for the ε = 10⁻⁷ that they add to the size. The remainder is small in one step, "
        "but training can amplify it. It stays small with a linear trunk at a low learning rate, and can reach tens "
        "of percent with ReLUs or at a high rate. RMSprop divides too, but Keras adds its ε under the root, where "
        "it acts like 3 × 10⁻⁴ and can exceed a small gradient.\n\nThe control averages the losses with the weights "
        "uᵢ/Σu. The gradients are then equal, so any optimizer that treats each number separately trains both "
        f"styles alike. If the control differs by more than {percent(MATCH)}, training has amplified round-off, and "
        "the seed does not count. A seed also does not count if a head's outputs became the same for every "
        "sequence, for example because all ReLUs of a layer died: two constants agree easily.\n\nAn optimizer that "
        "treats a variable as a whole can distinguish the styles. clipnorm reduces each variable's gradient to a "
        f"norm of at most {short(evidence.clipnorm.limit, 1)}. The output kernel is one variable with {units} "
        f"columns in Sequential, but {len(heads)} variables with smaller norms in Functional.\n\n(Trained "
        f"{at_rate(experiment)} with the seeds {seeds[0]} to {seeds[-1]}. A difference is the root mean square of "
        "the difference in predictions, divided by the root mean square of what training changed in the style that "
        "it changed most, in the head where this share is largest. An optimizer cancels the factor if every seed "
        f"that counts stays within {percent(CANCELS)}.)"
    )


def _titles(names: Iterable[str]) -> str:
    return listed(TITLES[name] for name in names)


def code(experiment: Experiment) -> str:
    """Print what claim 6 measures, for SGD and Adam, with summed and with averaged losses, in float64."""
    architecture = experiment.architecture
    mean = list(Training(combine="mean").loss_weights(architecture))
    ends = [sum(head.units for head in architecture.heads[:i]) for i in range(1, len(architecture.heads))]
    rate = repr(comparison_rate(experiment))
    return script(
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
        *(f"    {line}" for line in weight_transfer_lines(experiment)),
        "    start = predicted(a)",
        f'    one = trained(a, optimizer(), y, "{architecture.heads[0].loss}")',
        f"    other = trained(b, optimizer(), heads, {losses(experiment)}, weights)",
        "    changed = np.maximum(size(one - start), size(other - start))",
        "    varies = min(size(end - end.mean(axis=0)).min() for end in (one, other))  # 0: the network died",
        '    return f"difference {(size(one - other) / changed).max():.1e}, outputs vary by {varies:.1e}"',
        "",
        f"sgd = lambda: {OPTIMIZERS['sgd'].format(rate=rate)}",
        f"adam = lambda: {OPTIMIZERS['adam'].format(rate=rate)}",
        f'for how, weights in {{"summed": None, "averaged": {mean}}}.items():',
        '    for name, optimizer in {"SGD": sgd, "Adam": adam}.items():',
        "        print(how, name, compared(optimizer, weights))",
    )


def _reads(experiment: Experiment) -> Experiment:
    training = Training(learning_rate=comparison_rate(experiment), seed=experiment.training.seed)
    return Experiment(architecture=experiment.architecture, sequences=experiment.sequences, training=training)


CLAIM = Claim(
    key="optimizers",
    number=6,
    title="The factor and the optimizer",
    source="the second answer",
    said="One loss is averaged and the other summed, so they differ by a factor. It would follow that the two networks "
    "also train differently. The answer does not say so.",
    proposition=proposition,
    question="From the same weights, with your optimizer and summed losses: by how much do the predictions of the two "
    "styles differ after 100 steps (fewer for a large model), as a share of what training changed?",
    options=OPTIONS,
    judge=judge,
    code=code,
    evidence=Trainings,
    measurement="module",
    inapplicable_reason=needs_fused,
    reads=_reads,
)
