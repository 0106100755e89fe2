"""Which settings a claim depends on. Changing any other setting keeps its evidence and the visitor's prediction."""

from __future__ import annotations

import hashlib
from threading import Lock
from typing import Any

from cachetools import LRUCache, cached

from backend.experiment import Experiment
from backend.questions.claims.base import Claim


def evidence_key(claim: Claim[Any], experiment: Experiment) -> str:
    """A short key of the claim's evidence. Equal keys mean equal evidence.

    A worker executes the claim's code and nothing else, so the code contains every setting that its evidence depends
    on. A claim that a function of the worker measures says which settings that reads.
    """
    return _keys(claim, experiment)[0]


def prediction_key(claim: Claim[Any], experiment: Experiment) -> str:
    """A short key of all that the answer to the claim's question depends on: its evidence and its proposition."""
    return _keys(claim, experiment)[1]


def _keys(claim: Claim[Any], experiment: Experiment) -> tuple[str, str]:
    # A cache would keep a visitor's own table in memory.
    return (_cached if experiment.architecture.own is None else _found)(claim, experiment)


@cached(LRUCache(maxsize=1024), key=lambda claim, experiment: (claim.key, experiment), lock=Lock())
def _cached(claim: Claim[Any], experiment: Experiment) -> tuple[str, str]:
    return _found(claim, experiment)


def _found(claim: Claim[Any], experiment: Experiment) -> tuple[str, str]:
    bare = experiment.unlabelled().of_styles()
    if claim.inapplicable_reason(bare):  # there is no proposition, and nothing to measure or to predict
        return ("not applicable",) * 2
    settings = claim.reads(bare).key() if claim.measure else claim.code(bare)
    evidence = _digest(claim.key, settings)
    return evidence, _digest(evidence, claim.proposition(bare))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
