"""What holds for every investigation there is. A new one needs tests only of what is its own."""

from __future__ import annotations

import ast
import builtins
import pickle
import re
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from random import Random
from typing import Any

import pytest
from pydantic import ValidationError

from backend.experiment import Experiment
from backend.experiment.training import Training
from backend.experiment.url import read_query, write_query
from backend.questions.base import QuestionJob, Verdict, mark
from backend.questions.claims import CLAIMS
from backend.questions.claims.job import ClaimJob
from backend.questions.gradients.job import GradientsJob
from backend.questions.lab import QUESTIONS
from backend.questions.mistakes import MISTAKES, own
from backend.questions.mistakes.base import MistakeEvidence, Ran
from backend.questions.mistakes.job import MistakeJob
from backend.questions.pictures import Picture, Table
from backend.questions.speed import sweep as sweeps
from backend.questions.speed.job import SpeedJob
from backend.questions.speed.sweep import Sweep
from backend.questions.topologies import TOPOLOGIES
from backend.questions.topologies.base import Relatedness
from backend.questions.topologies.job import TopologyJob
from backend.questions.topologies.verdict import Scores, TopologyResult
from backend.worker.kinds import JOB_KINDS
from components.charts import svg
from components.investigations.parts import of_picture
from components.speed import settings as sweep_settings
from tests.backend.questions.claims.cases import DEFAULT
from tests.backend.questions.claims.cases import measured as claim
from tests.backend.questions.mistakes.measured import LONG
from tests.backend.questions.mistakes.measured import measured as mistake
from tests.backend.questions.sentences import is_one_sentence
from tests.builders.lessons import OWN_MISTAKE

OTHER = Experiment(training=Training(optimizer="sgd", epochs=3))
#: The options of the pages that have several, by their path.
OPTIONS = {"speed": sweep_settings.CHOICES}


def every() -> list[QuestionJob]:
    """Each investigation with settings that can be measured."""
    asked: list[QuestionJob] = [ClaimJob.of(claim, DEFAULT) for claim in CLAIMS.values()]
    asked += [MistakeJob.on(mistake) for mistake in MISTAKES.values()]
    asked += [TopologyJob.of(topology, Relatedness(rho=0.5)) for topology in TOPOLOGIES.values()]
    asked += [SpeedJob.on(DEFAULT, Sweep()), SpeedJob.on(DEFAULT, Sweep(heads=(3,), modes=("xla",)))]
    of_author = own.load(("wrong.py", "right.py"), OWN_MISTAKE, OWN_MISTAKE, "How many outputs?", ("one", "two"), "one")
    return [*asked, GradientsJob.on(DEFAULT), MistakeJob.on(of_author)]


ALL = every()


def named(asked: QuestionJob) -> str:
    return f"{asked.kind} {asked.definition.key}"


each = pytest.mark.parametrize("asked", ALL, ids=named)
each_measured = pytest.mark.parametrize(
    "asked",
    [
        pytest.param(asked, id=named(asked), marks=pytest.mark.soak if asked.definition.key in LONG else ())
        for asked in ALL
        if asked.definition.options
    ],
)


def test_there_is_one_of_each_kind():
    kinds = {name for name, kind in JOB_KINDS.items() if issubclass(kind.payload, QuestionJob)}
    assert {asked.kind for asked in ALL} == kinds


def test_no_two_of_a_family_share_a_key_or_a_number_and_numbers_have_no_gap():
    assert [each.key for each in MISTAKES.values()] == list(MISTAKES)
    for family in (CLAIMS, QUESTIONS, TOPOLOGIES):
        assert [each.key for each in family.values()] == list(family)
        assert [each.number for each in family.values()] == list(range(1, len(family) + 1))


@each
def test_it_can_be_measured_and_what_is_predicted_has_different_options(asked):
    definition = asked.definition
    assert asked.refusal() is None
    assert len(definition.options) == len(set(definition.options)) != 1
    assert ("?" in definition.question) == bool(definition.options)


@each
def test_it_is_the_same_when_it_comes_back(asked):
    for again in (
        pickle.loads(pickle.dumps(asked)),
        type(asked).model_validate(asked.model_dump()),
        type(asked).model_validate_json(asked.model_dump_json()),
    ):
        assert (again, again.key, again.subject) == (asked, asked.key, asked.subject)
    assert "/" not in "".join(asked.subject)
    assert asked.subject[0].endswith(":"), "no lesson has an id with a colon"


def test_no_two_are_about_the_same_subject():
    assert len({asked.subject for asked in ALL}) == len(ALL)
    assert len({(asked.kind, asked.key) for asked in ALL}) == len(ALL)


def shown(asked: QuestionJob, there: Experiment) -> QuestionJob:
    """What its page asks for, by the experiment of the link and the options; a mistake has neither."""
    if isinstance(asked, ClaimJob):
        return ClaimJob.of(asked.definition, there)
    if isinstance(asked, GradientsJob):
        return GradientsJob.on(there)
    if isinstance(asked, SpeedJob):
        return SpeedJob.on(there, sweeps.FIELDS.read(asked.options))
    if isinstance(asked, TopologyJob):
        return TopologyJob.of(TOPOLOGIES[asked.options["topology"]], Relatedness(rho=there.sequences.relatedness))
    return asked


@each
def test_its_link_leads_to_it_from_any_experiment(asked):
    for experiment in (Experiment(), OTHER):
        wanted = asked.needed_experiment(experiment)
        there, faults = read_query(write_query(wanted))
        assert not faults
        assert asked.needed_experiment(there) == there, "the page shows it"
        assert shown(asked, there).key == asked.key
    if asked.page in OPTIONS:
        assert not [key for key, text in asked.options.items() if OPTIONS[asked.page][key].refuse(text)]


@each
def test_its_script_reads_only_what_it_defines(asked):
    nodes = list(ast.walk(ast.parse(asked.script())))
    defined = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    defined |= {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.ExceptHandler)}
    defined |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    imports = [alias for node in nodes if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names]
    defined |= {(alias.asname or alias.name).partition(".")[0] for alias in imports}
    read = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    assert read - defined <= set(dir(builtins)) | {"__name__"}


@cache
def result(asked: QuestionJob) -> Any:
    """What was recorded of it, what a worker measures, or what one could have measured."""
    if isinstance(asked, MistakeJob) and asked.definition.scripts:
        return MistakeEvidence(broken=Ran(answer="one"), mended=Ran(answer="two"))
    if isinstance(asked, MistakeJob):
        return mistake(asked.definition)
    if isinstance(asked, TopologyJob):
        seeds = range(asked.definition.seeds)
        better = Scores(model=[0.6 + seed / 50 for seed in seeds], baseline=[0.5 + seed / 70 for seed in seeds])
        return TopologyResult(scores=dict.fromkeys(asked.definition.lengths, better))
    assert isinstance(asked, ClaimJob)
    if not asked.definition.measured:
        return asked.definition.evidence(chosen=[])
    return claim(asked.definition, asked.settings)


def spoiled(value: Any, number: Callable[[], float]) -> Any:
    """The same evidence with another number in place of each one that is no count and no setting."""
    if isinstance(value, float):
        return number()
    if isinstance(value, dict):
        return {
            key: part if key in ("settings", "experiment") else spoiled(part, number) for key, part in value.items()
        }
    if isinstance(value, list | tuple):
        return type(value)(spoiled(part, number) for part in value)
    return value


def changed(found: Any, number: Callable[[], float]) -> Any:
    """The result with the evidence spoiled. Raises pydantic's ValidationError if no such evidence can be measured."""
    if isinstance(found, MistakeEvidence):
        return MistakeEvidence(broken=Ran(answer=str(number())), mended=found.mended)
    return type(found).model_validate(spoiled(found.model_dump(), number))


EXTREMES = (float("nan"), float("inf"), -float("inf"), 0.0, 1.0, 1e300, 1e-300, -1e-9)
_RAW = re.compile(r"\b(nan|inf|None)\b|e[+-]\d\d")


def judged(asked: QuestionJob, found: Any) -> tuple[Verdict, Picture | None]:
    """What its page says of the evidence, and the picture, if there is one."""
    definition = asked.definition
    if isinstance(asked, ClaimJob):
        verdict = definition.judge(asked.settings, found)
        return verdict, verdict.picture
    return (definition.verdict if isinstance(asked, MistakeJob) else definition.judge)(found), None


def check(asked: QuestionJob, found: Any) -> None:
    verdict, picture = judged(asked, found)
    if picture:
        check_picture(picture)
    assert verdict.answer in (*asked.definition.options, None)
    assert mark(verdict, asked.definition.options[0]) in ("right", "wrong", "not marked")
    assert re.search(r"[.!?]\W*$", verdict.finding), verdict.finding
    assert is_one_sentence(verdict.finding), verdict.finding
    assert not _RAW.search(verdict.finding), verdict.finding
    assert len({tuple(row) for row in verdict.table}) <= 1
    said = [verdict.why, *(cell for row in verdict.table for cell in row.values())]
    assert not [text for text in said if _RAW.search(text)]


def check_picture(picture: Picture) -> None:
    """A page, a phone and a room's board can draw it."""
    on_board = of_picture(picture)
    assert on_board.words or on_board.picture
    if on_board.picture:
        assert not re.search(r"\b(nan|inf)\b", svg.html(on_board.picture))
    if isinstance(picture, Table):
        assert not [cell for row in picture.rows for cell in row.values() if _RAW.search(cell)]
    else:
        assert picture.title


@pytest.mark.slow
@each_measured
def test_its_judge_and_picture_are_total_and_say_no_raw_number(asked):
    measured = result(asked)
    check(asked, measured)
    mixed = [partial(Random(seed).choice, EXTREMES) for seed in range(4)]
    for number in (*(partial(float, each) for each in EXTREMES), *mixed):
        with suppress(ValidationError):
            check(asked, changed(measured, number))


@pytest.mark.slow
@each_measured
def test_its_picture_follows_the_evidence(asked):
    """The picture is another one if other numbers make the finding another one."""
    measured = result(asked)
    with suppress(ValidationError):
        (other, drawn), (verdict, picture) = judged(asked, changed(measured, lambda: 1e300)), judged(asked, measured)
        assert not picture or other.finding == verdict.finding or repr(drawn) != repr(picture)
