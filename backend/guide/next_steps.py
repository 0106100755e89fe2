"""The next step that each page offers at its end: a sentence on what the visitor has just seen, and where it leads.

A function for each page. Every sentence holds for all settings: it follows from arithmetic or from what the page shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from backend.experiment import Experiment
from backend.experiment.optimizers import OPTIMIZERS
from backend.experiment.url import Query, write_query
from backend.lessons import Lesson
from backend.questions.compare.answer import answer
from backend.questions.gradients.job import GradientsJob
from backend.statistics.intervals import FEWEST_PAIRS
from backend.training.loss_ratio import comparable, larger_total
from backend.words import counted, listed
from two_heads.weightings import AGGREGATORS, METHODS, MOST_HEADS


@dataclass(frozen=True)
class NextStep:
    """A sentence in Markdown, the words of the link, and its page (its path; "" is Compare).

    The page opens with `experiment` and these `options`. If `experiment` is None, it opens with the visitor's own. A
    step from Train to Train is no link: it trains `experiment`.
    """

    sentence: str
    label: str
    page: str
    experiment: Experiment | None = None
    options: Mapping[str, str] = field(default_factory=dict)

    def query(self) -> Query | None:
        """The query of the link; None if the page opens with what the visitor has set."""
        if self.experiment is None:
            return None
        query = write_query(self.experiment) | {key: [text] for key, text in self.options.items()}
        return query or {"seed": [str(self.experiment.training.seed)]}  # an empty query would change nothing


def after_compare(experiment: Experiment) -> NextStep:
    """Train the two styles, after a sentence on what differs between them."""
    found = answer(experiment)
    in_training = [part.words for part in found.different if part.place == "train"]
    if found.verdict == "twice":
        sentence = "Both sides have the same style."
    elif in_training:
        sentence = f"What differs in training: {listed(in_training)}."
    else:
        sentence = "Each head counts as much in one total loss as in the other."
    styles = experiment.of_styles() if experiment.other else None
    return NextStep(f"{sentence} Do both sides learn equally well?", "Train both", "train", styles)


def after_train(experiment: Experiment, finished: bool) -> NextStep:
    """After a run of these settings, one setting to change next, the Lab or the claims; before that, the claims."""
    if not finished:
        return NextStep("The claims can be tested without these curves.", "Predict the claims", "claims")
    if experiment.other is not None and experiment.training.seeds < FEWEST_PAIRS:
        return NextStep(
            f"Few runs may differ by chance. From {FEWEST_PAIRS} seeds on, the answer has an interval.",
            f"Train with {FEWEST_PAIRS} seeds", "train", experiment.with_training(seeds=FEWEST_PAIRS),
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
        return NextStep(sentence, f"See {method.title} step in the Lab", "lab", experiment, {"methods": method.key})
    sentence = f"{method.title} combines the losses of the heads by a rule of its own. Keras’s default adds them."
    return NextStep(sentence, "Train the same with the sum", "train", experiment.with_training(combine="sum"))


def _after_totals(experiment: Experiment) -> NextStep:
    """What the two totals mean for training, by the ratio that equal predictions would give."""
    found, with_mean = larger_total(experiment), experiment.with_training(combine="mean")
    if comparable(experiment):
        sentence = "Each head counts as much in one total loss as in the other. Which claims hold then?"
        return NextStep(sentence, "Predict the claims", "claims")
    if found is None:
        return NextStep(
            "The two total losses weight the heads differently. With the mean of the losses, both weight them alike.",
            "Train the same with the mean", "train", with_mean,
        )  # fmt: skip
    larger, times = found
    optimizer, sgd = OPTIMIZERS[experiment.training.optimizer], OPTIMIZERS["sgd"]
    if optimizer.why_cancelled:
        return NextStep(
            f"For equal predictions, {larger}’s total loss is {times} times as large, but "
            f"{optimizer.why_cancelled}. With plain SGD, {larger} would take steps that are {times} "
            "times as long from the same weights.",
            f"Train the same with SGD, rate {sgd.default_rate:g}", "train",
            experiment.with_training(optimizer="sgd", learning_rate=sgd.default_rate),
        )  # fmt: skip
    return NextStep(
        f"{larger}’s total loss makes the steps of {optimizer.title} {times} times as long from the same weights. With "
        "the mean of the losses, both totals have the same scale.",
        "Train the same with the mean", "train", with_mean,
    )  # fmt: skip


def after_claims(experiment: Experiment, lessons: Sequence[tuple[Lesson, int]]) -> NextStep:
    """The first lesson that the visitor has not finished. Each lesson comes with how many questions they answered."""
    sentence = "A verdict is about your settings. Lessons explain the reasons."
    return _to_lesson(sentence, experiment, _unfinished(lessons))


def after_speed(experiment: Experiment) -> NextStep:
    """Train the visitor's own heads: the other thing to compare."""
    heads = counted(len(experiment.architecture.heads), "head")
    sentence = f"This page compares how long a step takes. Train compares what the steps achieve, on your {heads}."
    return NextStep(sentence, "Train both styles", "train")


def after_topologies(experiment: Experiment) -> NextStep:
    """The visitor's own shared trunk: whether its heads conflict, if that can be measured."""
    heads = len(experiment.architecture.heads)
    if GradientsJob.on(experiment).refusal() is None:
        sentence = f"In your own network, {heads} heads share one trunk. Do they pull it in different directions?"
        return NextStep(sentence, "Measure it in the Lab", "lab")
    sentence = f"Your own network has {counted(heads, 'head')} on one trunk. In which styles can it be written?"
    return NextStep(sentence, "Compare the styles", "")


def after_own() -> NextStep:
    """How the difference in time depends on the number of heads, which is fixed in a visitor's own model."""
    sentence = "Does it matter how many heads there are? The page Speed measures both styles with more and more heads."
    return NextStep(sentence, "See how the time grows with the heads", "speed")


def after_lab(experiment: Experiment, methods: Sequence[str]) -> NextStep:
    """Train the visitor's own heads with the first of the `methods` that the compass shows, other than the mean."""
    key = next((key for key in methods if key in METHODS), "mean")
    title, heads = AGGREGATORS[key].title, len(experiment.architecture.heads)
    if not 2 <= heads <= MOST_HEADS:
        sentence = f"Your own network has {counted(heads, 'head')}. Train combines 2 to {MOST_HEADS} by a method."
        return NextStep(sentence, "Change the heads", "")
    training = experiment.with_training(combine=key)
    if all(style.one_output(experiment.architecture) for style in experiment.styles()):  # it has no losses to combine
        training = training.model_copy(update={"right": "functional"})
    sentence = f"The compass shows {title} on arrows. Train shows it on your {heads} heads."
    return NextStep(sentence, f"Train your heads with {title}", "train", training)


def after_lessons(experiment: Experiment, lessons: Sequence[tuple[Lesson, int]]) -> NextStep:
    """The first lesson that the visitor has not finished, or a room if there is none. See `after_claims`."""
    if lesson := _unfinished(lessons):
        return _to_lesson("This lesson has questions that you have not answered.", experiment, lesson)
    return NextStep("You have answered every question. Ask a class the same ones.", "Open a room", "room")


def after_room(experiment: Experiment, lesson: Lesson | None) -> NextStep:
    """The lesson of the host's room, or all lessons if there is no such room or lesson."""
    return _to_lesson("A room plays a lesson. You can also play each lesson alone.", experiment, lesson)


def after_runs(runs: int) -> NextStep:
    """Train again, to get a first run or one more to compare. `runs` is the number of listed runs."""
    if runs == 0:
        sentence = "Train once, and the run is listed here, as long as there is room."
        return NextStep(sentence, "Train both styles", "train")
    sentence = "Change one setting and train again. Then tick two runs to see their losses in one chart."
    return NextStep(sentence, "Train again", "train")


def _unfinished(lessons: Sequence[tuple[Lesson, int]]) -> Lesson | None:
    return next((lesson for lesson, answered in lessons if answered < len(lesson.steps)), None)


def _to_lesson(sentence: str, experiment: Experiment, lesson: Lesson | None) -> NextStep:
    """The step to the lesson, or to all lessons."""
    if lesson is None:
        return NextStep(sentence, "Look at the lessons", "learn")
    return NextStep(sentence, f"Lesson “{lesson.title}”", "learn", experiment, {"lesson": lesson.id})
