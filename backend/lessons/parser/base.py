"""What the steps of a lesson have in common: the settings of its base, and its minutes."""

from __future__ import annotations

from dataclasses import dataclass, field

from backend.experiment.url import Query
from backend.lessons.lesson import SLACK, FrontMatter
from backend.lessons.parser import links
from backend.markdown.blocks import Block
from backend.markdown.faults import Faults


@dataclass
class Base:
    """The settings that all steps have in common, and what the reader has found about the steps so far.

    A step may replace a setting of the base that cannot be used. `own_faults` are the faults of the base alone, and
    `shown_faults` those of them that remain in a step. `seconds` has the time of each step whose block could be
    read, and `again` how much of it is for second votes. If the front matter could not be read, the base is not
    `known`, and neither is whether the settings of a step are valid.
    """

    query: Query
    known: bool = True
    own_faults: frozenset[str] = frozenset()
    shown_faults: set[str] = field(default_factory=set)
    seconds: list[int] = field(default_factory=list)
    again: int = 0

    @classmethod
    def read(cls, front: FrontMatter, where: Block, faults: Faults) -> Base:
        """The base of a lesson."""
        query = links.read(front.base, where.line(("base",)), faults)
        return cls(query, own_faults=frozenset(links.invalid_settings(query)))

    def joined(self, own: Query, line: int, faults: Faults) -> Query:
        """The settings of a step. Its own settings, which stand in that line, replace those of the base."""
        query = self.query | own
        for sentence in links.invalid_settings(query) if self.known else ():
            if sentence in self.own_faults:
                self.shown_faults.add(sentence)
            else:
                faults.add(line, sentence)
        return query

    def check(self, line: int, faults: Faults) -> None:
        """Note the faults of the base that a step still has, or all of them if no step could be read."""
        for sentence in sorted(self.shown_faults if self.seconds else self.own_faults):
            faults.add(line, sentence)

    def add_up(self, steps: int, minutes: int, line: int, faults: Faults) -> None:
        """Note a fault if the steps do not take as many minutes as the lesson says, and all of them could be read.

        A lesson may leave out its second votes.
        """
        least, most = sum(self.seconds) - self.again, sum(self.seconds)
        if 0 < len(self.seconds) == steps and not least - SLACK <= 60 * minutes <= most + SLACK:
            faults.add(
                line,
                f"The steps take {round(most / 60, 1):g} minutes (think + discuss + the second vote + 2 minutes each), "
                f"but `minutes` says {minutes}.",
            )
