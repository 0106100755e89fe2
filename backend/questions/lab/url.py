"""The open question and the settings of each in a link: `question=trade_offs&trade_offs_levels=11`.

The visitor's experiment, which some settings hold, is not among them: the link of every page has it already.
"""

from __future__ import annotations

from backend.experiment.url import Fields
from backend.questions.lab import QUESTIONS
from backend.questions.lab.base import EXPERIMENT, QuestionSettings

#: The key of the open question. A link without one opens `FIRST`, which stays the same even if another question becomes
#: the first of the page.
OPEN, FIRST = "question", "unstuck"

#: The settings of each question as texts, by the question's key.
FIELDS: dict[str, Fields[QuestionSettings]] = {
    each.key: Fields(
        each.settings, {f"{each.key}_{field}": field for field in each.settings.model_fields if field != EXPERIMENT}
    )
    for each in QUESTIONS.values()
}
