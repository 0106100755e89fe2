"""Hostile configurations, and changes of thousands of others: each is read, or refused in a sentence, within bounds."""

from __future__ import annotations

import ast
import json
import random
import socket

import keras
import pytest

from backend.jobs.runtime import Cancelled, Context, JobRefused
from backend.own_model import allowed, refusal
from backend.own_model.job import FindHeadsJob
from backend.worker import apart
from backend.worker.apart import Limits, run
from backend.worker.own_model import find
from tests.builders import hostile
from tests.builders.own_models import MODELS

HERE = "tests.builders.misbehaving"
FIND = "backend.worker.own_model:found_in"
#: What a source may have besides plain values.
PLAIN = (
    ast.Call, ast.Attribute, ast.Name, ast.Load, ast.Constant, ast.keyword, ast.Tuple, ast.List, ast.Dict,
    ast.Subscript, ast.Slice, ast.UnaryOp, ast.USub, ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div,
)  # fmt: skip


def is_sentence(text: str) -> None:
    assert text.isprintable()
    assert 20 < len(text) < 700
    assert text.endswith((".", "`."))


def is_plain(source: str) -> None:
    """Asserts that source has only assignments of calls of Keras's functions, on variables and constants."""
    _, *rest = ast.parse(source).body
    known = {"keras", "layers", "ops", "float"}
    for statement in rest[1:]:
        assert isinstance(statement, ast.Assign)
        target = statement.targets[0]
        assert isinstance(target, ast.Name) or ast.unparse(target).endswith(".trainable")
        for node in ast.walk(statement.value):
            assert isinstance(node, PLAIN), ast.dump(node)
            assert not isinstance(node, ast.Name) or node.id in known, node.id
            assert not isinstance(node, ast.Attribute) or ast.unparse(node).split(".")[0] in known
        known.add(ast.unparse(target))


def outcome(text: str) -> str:
    page = find(FindHeadsJob(id="x", text=text), Context())
    if isinstance(page, str):
        is_sentence(page)
        return "refused"
    for each in [page.source, *(rewriting.other for rewriting in page.rewritings)]:
        is_plain(each)
    return "read"


@pytest.mark.parametrize("count", [150, pytest.param(10_000, marks=[pytest.mark.soak, pytest.mark.timeout(3600)])])
def test_changed_configurations_are_read_or_refused(count):
    texts = {name: make().to_json() for name, make in MODELS.items()}
    draws, seen = random.Random(count), set()
    for _ in range(count):
        name = draws.choice(list(texts))
        seen.add(outcome(json.dumps(hostile.mutated(json.loads(texts[name]), draws))))
    assert seen == {"read", "refused"}


def test_configurations_that_mean_harm_are_refused_in_two_seconds_and_300_mb():
    texts = list(hostile.handwritten())
    assert len(texts) > 250
    run(FIND, keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)]).to_json(), Limits(10, 600), Context())
    for text in texts[:: 1 + len(texts) // 100]:
        with pytest.raises(JobRefused) as refused:
            run(FIND, text.encode(errors="replace").decode(), Limits(2, 300), Context())
        is_sentence(str(refused.value))


@pytest.mark.parametrize("name", ["a" * 201, "\x00", 2**31])
def test_a_value_beyond_the_bounds_is_refused_and_the_largest_is_read(name):
    def rebuilt(value: object) -> str:
        return allowed.rebuilt(json.dumps(hostile.model(hostile.source_layer(), name=value)))

    assert "a" * 200 in rebuilt("a" * 200)
    assert str(2**31 - 1) in rebuilt(2**31 - 1)
    with pytest.raises(refusal.ModelRefused, match=r"characters|outside the range"):
        rebuilt(name)


@pytest.mark.parametrize("function", ["loops", "allocates", "dies"])
def test_what_needs_too_much_is_ended_with_a_sentence_and_the_next_call_runs(function):
    with pytest.raises(JobRefused, match="needs more than 2 seconds or 100 MB"):
        run(f"{HERE}:{function}", "", Limits(2, 100), Context())
    assert run(f"{HERE}:secret", "nothing", Limits(1, 100), Context()) == ""


def test_a_function_has_no_network_no_files_no_secrets_and_its_fault_is_raised(monkeypatch, tmp_path):
    monkeypatch.setenv("TWOHEADS_SECRET", "x")
    assert run(f"{HERE}:secret", "TWOHEADS_SECRET", Limits(1, 100), Context()) == ""
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(RuntimeError, match=r"OSError|unreachable"):
        run(f"{HERE}:connects", str(server.getsockname()[1]), Limits(1, 100), Context())
    with pytest.raises(RuntimeError, match="File too large"):
        run(f"{HERE}:writes", str(tmp_path / "x"), Limits(1, 100), Context())
    with pytest.raises(RuntimeError, match="KeyError: 'x'"):
        run(f"{HERE}:fails", "x", Limits(1, 100), Context())


def test_a_cancelled_call_is_ended():
    needed = iter([True, True])
    context = Context(still_needed=lambda: next(needed, False))
    with pytest.raises(Cancelled):
        run(f"{HERE}:loops", "", Limits(60, 100), context)


def test_without_processes_of_its_own_a_function_runs_in_the_worker(monkeypatch):
    monkeypatch.setattr(apart, "CAN_FORK", False)
    assert run(f"{HERE}:secret", "nothing", Limits(1, 100), Context()) == ""
