"""The sentences of claim 6: what the visitor's optimizer did, what the others did, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from backend.experiment import Experiment
from backend.experiment.optimizers import OPTIMIZERS, Scaling
from backend.questions.claims.optimizer_readings import CANCELS, MATCH, Judgement, Trainings, percent, span
from backend.questions.claims.recipes import at_rate
from backend.words import listed, short

TITLES = {name: each.title for name, each in OPTIMIZERS.items()}


def finding_sentence(title: str, mine: Judgement, steps: int) -> str:
    """What the visitor's optimizer did."""
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


def group_sentences(judgements: Mapping[str, Judgement], steps: int) -> list[str]:
    """What each optimizer does, in a sentence for each group of them."""
    groups = {
        answer: {name: each for name, each in judgements.items() if each.answer == answer}
        for answer in ("yes", "no", "depends on the seed", "undecided")
    }
    cancel, keep, depends, unknown = groups.values()
    if len(unknown) == len(judgements):
        return [
            "With these settings, no training shows whether its optimizer cancels the factor.",
            _undecided_sentence(unknown),
        ]
    sentences = []
    measure = f" of how far {steps} steps of training moved them"
    for group, verb in (
        (cancel, "cancels" if len(cancel) == 1 else "cancel"),
        (keep, "does not cancel" if len(keep) == 1 else "do not cancel"),
    ):
        if group:
            sentences.append(
                f"{_titles(group)} {verb} the factor: the predictions of the two styles differ by "
                f"{_span_of(group)}{measure}."
            )
            measure = ""
    if depends:
        sentences.append(
            f"With {_titles(depends)} it depends on the seed: the predictions differ by {_span_of(depends)}{measure}."
        )
    return [*sentences, _undecided_sentence(unknown), _exclusion_sentence(judgements), _control_sentence(judgements)]


def _undecided_sentence(unknown: Mapping[str, Judgement]) -> str:
    if not unknown:
        return ""
    by_reason: dict[str, list[str]] = {}
    for name, each in unknown.items():
        by_reason.setdefault(each.exclusions(), []).append(name)
    reasons = "; ".join(f"{_titles(names)} ({reason})" for reason, names in by_reason.items())
    seeds = next(iter(unknown.values())).seeds
    return f"Undecided, because too few of the {seeds} seeds can be judged: {reasons}."


def _exclusion_sentence(judgements: Mapping[str, Judgement]) -> str:
    some = [name for name, each in judgements.items() if each.answer != "undecided" and each.problems]
    if not some:
        return ""
    return f"With {_titles(some)}, one seed cannot be judged, and the others decide (see the table)."


def _control_sentence(judgements: Mapping[str, Judgement]) -> str:
    largest = max(max(each.control) for each in judgements.values() if each.answer != "undecided")
    how = f"differ by at most {percent(largest)}" if largest else "agree to the last bit"
    return (
        "The control: with averaged losses both styles have equal gradients, and in every seed that counts the "
        f"predictions {how}."
    )


def _span_of(group: Mapping[str, Judgement]) -> str:
    return span([share for each in group.values() for share in each.differences])


def explanation(experiment: Experiment, evidence: Trainings) -> str:
    """Why optimizers differ, and when a seed counts."""
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
        f"{_rule_sentences()} What remains of the factor is small in one step with large gradients, but training can "
        "amplify it. It stays small with a linear trunk at a low learning rate, and can reach tens of percent with "
        "ReLUs or at a high rate.\n\nThe control averages the losses with the weights uᵢ/Σu. The gradients "
        "are then equal, so any optimizer that treats each number separately trains both "
        f"styles alike. If the control differs by more than {percent(MATCH)}, training has amplified round-off, and "
        "the seed does not count. A seed also does not count if a head's output became the same for every "
        "sequence, for example because all ReLUs of a layer died: two constants agree easily.\n\nAn optimizer that "
        "treats a variable as a whole can distinguish the styles. clipnorm reduces each variable's gradient to a "
        f"norm of at most {short(evidence.clipnorm.limit, 1)}. The output kernel is one variable with {units} "
        f"columns in Sequential, but {len(heads)} variables with smaller norms in Functional.\n\n(Trained "
        f"{at_rate(experiment)} with the seeds {seeds[0]} to {seeds[-1]}. A difference is the root mean square of "
        "the difference in predictions, divided by the root mean square of what training changed in the style that "
        "it changed most, in the head where this share is largest. An optimizer cancels the factor if every seed "
        f"that counts stays within {percent(CANCELS)}.)"
    )


def _rule_sentences() -> str:
    """What each optimizer does with a factor of the loss. Those that do the same follow the first of them."""
    alike: dict[Scaling, list[str]] = {}
    for each in OPTIMIZERS.values():
        alike.setdefault(each.scaling, []).append(each.title)
    sentences = []
    for scaling, (first, *same_rule) in alike.items():
        sentences.append(scaling.sentences(first))
        if same_rule:
            sentences.append(f"{listed(same_rule)} {'does' if len(same_rule) == 1 else 'do'} the same.")
    return " ".join(sentences)


def _titles(names: Iterable[str]) -> str:
    return listed(TITLES[name] for name in names)
