"""The job that measures a question of the lab: what a worker gets and reports. The result is a `Recorded`."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import SerializeAsAny, ValidationError

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.sources import File
from backend.payloads import Durations
from backend.questions.base import QuestionJob
from backend.questions.lab import QUESTIONS, url
from backend.questions.lab.base import EXPERIMENT, QuestionSettings
from backend.words import about

#: The most seconds on an idle core that a question of the lab may take. Slower settings are refused (`too_long`).
LONGEST_QUESTION = 60.0


class LabJob(QuestionJob):
    """The payload of a `lab_question` job: the key of a question, and settings of its own type."""

    kind = "lab_question"
    page = "lab"
    noun = "Lab question"
    family = QUESTIONS

    settings: SerializeAsAny[QuestionSettings]

    @property
    def largest(self) -> Architecture | None:
        """The architecture of the visitor's own network, if it takes part."""
        experiment: Experiment | None = getattr(self.settings, EXPERIMENT, None)
        return experiment.architecture if experiment else None

    def refusal(self) -> str | None:
        """Why the question cannot be measured, in a sentence; None if it can. It also validates the settings."""
        try:
            settings = self.definition.settings.model_validate(vars(self.settings))
        except ValidationError as error:
            where = " ".join(str(part) for part in error.errors()[0]["loc"][-1:])
            return f"The value of {where} is out of bounds. Use one that the page offers."
        sentence: str | None = self.definition.refuse(settings)
        return sentence

    def seconds(self, durations: Durations) -> float:
        """The seconds that the question expects with these settings."""
        seconds: float = self.definition.seconds(self.settings)
        return seconds

    def too_long(self, limit: float, durations: Durations, margin: float = 1) -> str | None:
        """What to lower if the question takes too long, else None. Its limit is lower than that of other jobs."""
        seconds = self.seconds(durations)
        if seconds <= margin * LONGEST_QUESTION:
            return None
        return (
            f"This would take {about(seconds)}, but this server measures a question for at most "
            f"{about(LONGEST_QUESTION)}. Choose smaller settings."
        )

    @property
    def recording(self) -> File | None:
        """The recording on which the visitor's own network is measured, if it takes part."""
        return self.largest.source.file if self.largest else None

    @property
    def options(self) -> Mapping[str, str]:
        """The options of the Lab that open the question with these settings."""
        return {url.OPEN: self.question, **url.FIELDS[self.question].write(self.settings)}

    def needed_experiment(self, experiment: Experiment) -> Experiment:
        """The visitor's `experiment` if it gives the same result or takes no part; else the one that was measured."""
        if self.settings.on(experiment) == self.settings:
            return experiment
        measured: Experiment = getattr(self.settings, EXPERIMENT)
        return measured
