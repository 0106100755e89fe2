"""Claim 6: which optimizers cancel the factor between a summed and an averaged loss.

The worker does not execute the shown code but measures in `backend/worker/claims/optimizers.py`, which says why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from backend.experiment import Experiment
from backend.experiment.optimizers import OPTIMIZERS
from backend.experiment.training import Training
from backend.questions.claims.base import (
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
from backend.questions.claims.optimizer_readings import (
    CANCELS,
    Answer,
    Judgement,
    Trainings,
    judge_readings,
    percent,
    span,
)
from backend.questions.claims.optimizer_words import TITLES, explanation, finding_sentence, group_sentences
from backend.questions.claims.recipes import comparison_rate, losses, sizes, targets, weight_transfer_lines
from backend.questions.pictures import Readings, Reference, Spread, of_style
from backend.scripts.source import source_of
from backend.words import short

#: Stands for a difference of 0 on a logarithmic axis.
_SMALLEST = 1e-17


def proposition(experiment: Experiment) -> str:
    """The proposition, with the visitor's optimizer."""
    return (
        f"With {TITLES[experiment.training.optimizer]} and summed losses, Sequential and Functional train differently."
    )


def judge(experiment: Experiment, evidence: Trainings) -> Verdict:
    """Whether the visitor's optimizer makes the styles agree with summed losses, if the control agrees."""
    judgements = {name: judge_readings(readings) for name, readings in evidence.optimizers.items()}
    clipping = judge_readings(evidence.clipnorm.readings, evidence.optimizers["sgd"])
    rows = [_row(TITLES[name], each) for name, each in judgements.items()]
    rows.append(_row(f"SGD, clipnorm {short(evidence.clipnorm.limit, 1)}", clipping))
    mine = experiment.training.optimizer
    about_others = " ".join(sentence for sentence in group_sentences(judgements, evidence.steps) if sentence)
    kind, answer = _ANSWERS[judgements[mine].answer]
    why, differences = f"{about_others}\n\n{explanation(experiment, evidence)}", judgements[mine].differences
    figure = "" if not differences else percent(max(differences)) if answer == OPTIONS[0] else span(differences)
    return Verdict(
        answer,
        finding_sentence(TITLES[mine], judgements[mine], evidence.steps),
        why,
        rows,
        picture=_picture(judgements, mine),
        kind=kind,
        figure=figure,
    )


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


def _picture(judgements: Mapping[str, Judgement], mine: str) -> Spread | None:
    """The difference in each seed that counts, by optimizer, beside the limit."""
    rows = [
        Readings(
            TITLES[name] + (" (yours)" if name == mine else ""),
            [max(share, _SMALLEST) for share in each.differences],
            of_style("functional"),
            emphasised=name == mine,
        )
        for name, each in judgements.items()
        if each.answer != "undecided"
    ]
    if not rows:
        return None
    title = "Difference ÷ what training changed, by seed"
    limit = Reference(CANCELS, f"alike ← {percent(CANCELS)} → different")
    return Spread(title, rows, limit, scale="shares")


_ANSWER_CELLS: Mapping[Answer, str] = {
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
        "cancels the factor": _ANSWER_CELLS[each.answer],
        "difference with averaged losses": _cell(each.control),
        "agrees with averaged losses": _ANSWER_CELLS[each.control_agrees()],
        "seeds that count": f"{len(each.differences)} of {each.seeds}{excluded}",
    }


def _cell(shares: Sequence[float]) -> str:
    return span(shares) if shares else "–"


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
        *source_of([sizes]).splitlines(),
        "",
        "def compared(optimizer, weights):",
        f"    keras.utils.set_random_seed({experiment.training.seed})  # try others: one seed is not enough",
        "    a, b = sequential(), functional()",
        *(f"    {line}" for line in weight_transfer_lines(experiment)),
        "    start = predicted(a)",
        f'    one = trained(a, optimizer(), y, "{architecture.heads[0].loss}")',
        f"    other = trained(b, optimizer(), heads, {losses(experiment)}, weights)",
        f"    changed = np.maximum(sizes(one - start, {ends}), sizes(other - start, {ends}))",
        f"    varies = min(sizes(end - end.mean(axis=0), {ends}).min() for end in (one, other))  # 0: the network died",
        f"    differences = sizes(one - other, {ends}) / changed",
        '    return f"difference {differences.max():.1e}, outputs vary by {varies:.1e}"',
        "",
        f"sgd = lambda: {OPTIMIZERS['sgd'].source(rate)}",
        f"adam = lambda: {OPTIMIZERS['adam'].source(rate)}",
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
    title="Do both styles train alike with summed losses?",
    source="the second answer",
    statement="One loss is averaged and the other summed, so they differ by a factor. It would follow that the two "
    "networks also train differently. The answer does not say so.",
    proposition=proposition,
    question="Sequential and Functional start from the same weights and train with your optimizer and summed losses. "
    "After training, how far apart are their predictions, compared with how far training moved them?",
    options=OPTIONS,
    replies=("yes, within {}", "no, {} apart", "it depends on the seed"),
    test=judge,
    code=code,
    evidence=Trainings,
    measure="backend.worker.claims.optimizers:measure",
    inapplicable_reason=needs_fused,
    reads=_reads,
)
