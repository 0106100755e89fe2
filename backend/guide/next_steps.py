"""The next step that each page offers at its end: a sentence on what the visitor has just seen, and where it leads.

Every sentence holds for all settings: it follows from arithmetic or from what the page shows.
"""

from __future__ import annotations

from typing import NamedTuple

from backend.experiment import Experiment
from backend.experiment.optimizers import OPTIMIZERS
from backend.statistics.intervals import FEWEST_PAIRS
from backend.training.loss_ratio import comparable, larger_total
from two_heads.weightings import AGGREGATORS


class NextStep(NamedTuple):
    """A sentence in Markdown, the words of the link, and its page (the name of its file).

    With an `experiment` it is no link: it trains the experiment.
    """

    sentence: str
    label: str
    page: str
    experiment: Experiment | None = None


#: The step of each page but Train, by the page's path.
STEPS = {
    "": NextStep("Do both sides learn equally well?", "Train both", "train"),
    "claims": NextStep("Verdicts are about your settings. Lessons say why.", "Look at the lessons", "learn"),
    "speed": NextStep("This is how long a step takes. What do the steps achieve?", "Train both styles", "train"),
    "topologies": NextStep("Do heads on one trunk pull it in different directions?", "See it in the Lab", "lab"),
    "lab": NextStep("The compass shows a method on arrows. Train shows it on heads.", "Train your heads", "train"),
    "own": NextStep("Does it matter how many heads there are?", "See how the time grows with the heads", "speed"),
    "learn": NextStep("A class can predict the same questions together.", "Open a room", "room"),
    "room": NextStep("A room plays a lesson. You can also play each lesson alone.", "Look at the lessons", "learn"),
}


def after_train(experiment: Experiment, finished: bool) -> NextStep:
    """After a run of these settings, one setting to change next, the Lab or the claims; before that, the claims."""
    if not finished:
        return NextStep("The claims can be tested without these curves.", "Predict the claims", "claims")
    if experiment.other is not None and experiment.training.seeds < FEWEST_PAIRS:
        return NextStep(
            f"Few runs may differ by chance. From {FEWEST_PAIRS} seeds on, the answer has an interval.",
            f"The same with {FEWEST_PAIRS} seeds", "train", experiment.with_training(seeds=FEWEST_PAIRS),
        )  # fmt: skip
    if experiment.other is not None:
        return NextStep("This compares two settings. Claims compare two styles.", "Predict the claims", "claims")
    return _after_method(experiment) or _after_totals(experiment)


def _after_method(experiment: Experiment) -> NextStep | None:
    """What a method does, if one took part in the training."""
    method = experiment.method()
    if method is None or not any(experiment.method_of(style) for style in experiment.styles()):
        return None
    if method.key in AGGREGATORS:
        sentence = f"{method.title} combines the gradients of the heads into one step."
        return NextStep(sentence, f"See {method.title} step in the Lab", "lab")
    sentence = f"{method.title} combines the losses of the heads by a rule of its own. Keras’s default adds them."
    return NextStep(sentence, "The same with the sum", "train", experiment.with_training(combine="sum"))


def _after_totals(experiment: Experiment) -> NextStep:
    """What the two totals mean for training, by the ratio that equal predictions would give."""
    found, with_mean = larger_total(experiment), experiment.with_training(combine="mean")
    if comparable(experiment):
        sentence = "Each head counts as much in one total loss as in the other. Which claims hold then?"
        return NextStep(sentence, "Predict the claims", "claims")
    if found is None:
        return NextStep(
            "The two total losses weight the heads differently. With the mean of the losses, both weight them alike.",
            "The same with the mean", "train", with_mean,
        )  # fmt: skip
    larger, times = found
    optimizer, sgd = OPTIMIZERS[experiment.training.optimizer], OPTIMIZERS["sgd"]
    if optimizer.why_cancelled:
        return NextStep(
            f"With plain SGD at a learning rate of {sgd.default_rate:g}, {larger} would take steps that are {times} "
            "times as long from the same weights.",
            "The same with SGD", "train",
            experiment.with_training(optimizer="sgd", learning_rate=sgd.default_rate),
        )  # fmt: skip
    return NextStep(
        f"{larger}’s total loss makes the steps of {optimizer.title} {times} times as long from the same weights. With "
        "the mean of the losses, both totals have the same scale.",
        "The same with the mean", "train", with_mean,
    )  # fmt: skip
