"""Claim 2: every neuron of the last shared layer reaches every output."""

from __future__ import annotations

from backend.claims.base import Claim, Evidence, Verdict, both
from backend.experiment import Experiment
from backend.styles import STYLES, why_not_fused


def judge(experiment: Experiment, evidence: Evidence) -> Verdict:
    """Hold the pairs (neuron, output neuron) that moved in each style against all there are."""
    architecture = experiment.architecture
    neurons: int = evidence["neurons"]
    reached: dict[str, dict[str, int]] = evidence["styles"]
    rows = [
        {
            "head": head.name,
            "pairs": f"{neurons:,} × {head.units} = {neurons * head.units:,}",
            **{STYLES[key].title: f"{heads[head.name]:,} reach" for key, heads in reached.items()},
        }
        for head in architecture.heads
    ]
    every = neurons * architecture.output_units
    short = {key: sum(heads.values()) for key, heads in reached.items() if sum(heads.values()) < every}
    left_out = [style.title for key, style in STYLES.items() if key not in reached]
    why = _MOVED + (_HIDDEN if any(head.hidden for head in architecture.heads) else _DENSE)
    if left_out:
        why += f" Left out, because {why_not_fused(architecture)}: {_and(left_out)}."
    if short:
        some = ", ".join(f"{count:,} in {STYLES[key].title}" for key, count in short.items())
        return Verdict("false", f"Of {every:,} pairs of neuron and output only some reach: {some}.", why, rows)
    k = len(architecture.heads)
    heads = f"{k} heads" if k > 1 else "1 head"
    outputs = heads if architecture.output_units == k else f"{architecture.output_units} outputs of {heads}"
    where = "in every style" if not left_out else "in " + _and([STYLES[key].title for key in reached])
    return Verdict("true", f"{neurons:,} neurons × {outputs}: all {every:,} reach, {where}.", why, rows)


def _and(words: list[str]) -> str:
    named = [f"*{word}*" for word in words]
    return " and ".join([", ".join(named[:-1]), named[-1]]) if len(named) > 1 else named[0]


_MOVED = "Each neuron was moved by 1, on 32 random activations, and the outputs that changed were counted. "
_DENSE = (
    "A Dense layer has one weight for each pair of input and output; one kernel with a column a head holds the same "
    "pairs as a kernel for each head."
)
_HIDDEN = (
    "A head's hidden layers stand between: every neuron reaches the first of them, and through it the output. Where a "
    "ReLU was shut on all 32, other weights were drawn."
)


def code(experiment: Experiment) -> str:
    """Move each neuron and count the outputs that change, in both styles."""
    architecture = experiment.architecture
    keys = [key for key in ("sequential", "functional") if not STYLES[key].refusal(architecture)]
    styles = (keys[0], keys[-1])
    at = len(architecture.lstm) + len(architecture.dense) - 1
    return both(
        experiment,
        "def reached(model, shared):",
        "    behind = keras.Model(model.layers[shared].output, model.outputs)",
        "    neurons = behind.input_shape[-1]",
        "    outputs = lambda a: np.concatenate(keras.tree.flatten(behind(a)), axis=1)",
        "    rng = np.random.default_rng(0)",
        "    moves = False",
        "    for _ in range(10):  # weights drawn anew: a ReLU may be shut for a whole batch",
        "        behind.set_weights([rng.normal(0, 0.3, w.shape) for w in behind.get_weights()])",
        f'        a = rng.normal(size=(32, {architecture.trunk_units})).astype("float32")',
        '        e = np.eye(neurons, dtype="float32")',
        "        moves |= np.array([np.abs(outputs(a + row) - outputs(a)).max(axis=0) > 1e-6 for row in e])",
        "    return moves.sum()",
        "",
        *(f'print("{key}", reached({key}(), {at + (key != "sequential")}))' for key in dict.fromkeys(styles)),
        styles=styles,
    )


CLAIM = Claim(
    key="fully_connected",
    number=2,
    title="Every neuron reaches every output",
    who="the question",
    says="All neurons before the outputs should feed every output. With a layer for each output the plot shows it; "
    "with one Dense layer for all it does not.",
    asks="Which style connects every neuron of the last shared layer to every output?",
    answers=("both", "only one Dense layer a head", "only one Dense layer for all"),
    judge=judge,
    code=code,
)
