"""Claim 2: every neuron of the last shared layer reaches every output."""

from __future__ import annotations

from backend.claims.base import Claim, Measured, Verdict, able_styles, both
from backend.claims.recipes import assign_dict
from backend.experiment import Experiment
from backend.experiment.styles import STYLES, why_not_fused
from backend.words import listed

#: Random activations on which each neuron is moved.
BATCH = 32
#: Weights are drawn again, at most so often, while a pair has not moved: a ReLU may be shut for a whole batch.
MAX_DRAWS = 64
#: A smaller move, as a share of the head's largest output, could be round-off.
MOVED = 1e-6


class Reached(Measured):
    """`reached`: style key → head → pairs (neuron of the last shared layer, output) in which the output moved."""

    reached: dict[str, dict[str, int]]


def judge(experiment: Experiment, evidence: Reached) -> Verdict:
    """Hold the pairs (neuron, output neuron) that moved in each style against all there are."""
    architecture = experiment.architecture
    neurons, reached = architecture.trunk_units, evidence.reached
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
        why += f" Left out, because {why_not_fused(architecture)}: {listed(f'*{title}*' for title in left_out)}."
    if short:
        some = ", ".join(f"{count:,} in {STYLES[key].title}" for key, count in short.items())
        return Verdict("false", f"Of {every:,} pairs of neuron and output only some reach: {some}.", why, rows)
    k = len(architecture.heads)
    heads = f"{k} heads" if k > 1 else "1 head"
    outputs = heads if architecture.output_units == k else f"{architecture.output_units} outputs of {heads}"
    where = "in every style" if not left_out else "in " + listed(f"*{STYLES[key].title}*" for key in reached)
    return Verdict("true", f"{neurons:,} neurons × {outputs}: all {every:,} reach, {where}.", why, rows)


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
    """Move each neuron of the last shared layer and count the outputs that change, in every style."""
    architecture = experiment.architecture
    styles = able_styles(experiment)
    last = len(architecture.lstm) + len(architecture.dense) - 1
    # The layers of a Functional model begin with its input.
    places = {style: str(last + style.startswith("functional")) for style in styles}
    heads = architecture.heads
    return both(
        experiment,
        f"names = {[head.name for head in heads]}",
        f"units = {[head.units for head in heads]}",
        f"neurons = {architecture.trunk_units}",
        f'x = np.zeros((1, {architecture.timesteps}, {architecture.features}), "float32")',
        "",
        "def by_head(outputs):",
        "    if isinstance(outputs, dict):",
        "        outputs = [outputs[name] for name in names]",
        "    elif not isinstance(outputs, list):",
        "        outputs = np.split(outputs, np.cumsum(units)[:-1], axis=1)",
        "    return [np.array(values) for values in outputs]",
        "",
        "def moved(model, place):",
        "    shared, *behind = model.layers[place:]  # the last shared layer, and the heads",
        "    rng = np.random.default_rng(0)",
        "    found = [np.zeros((neurons, n), bool) for n in units]",
        f"    for _ in range({MAX_DRAWS}):",
        f"        start = rng.normal(size=({BATCH}, neurons))",
        "        answers = np.concatenate([start, *(start + row for row in np.eye(neurons))])  # moves each by 1",
        '        shared.call = lambda *_, **__: keras.ops.convert_to_tensor(answers, "float32")',
        "        for pairs, values in zip(found, by_head(model(x))):",
        f"            before, after = values[:{BATCH}], values[{BATCH}:].reshape(neurons, {BATCH}, -1)",
        f"            pairs |= np.abs(after - before).max(axis=1) > {MOVED} * np.abs(values).max()",
        "        if all(pairs.all() for pairs in found):",
        "            break",
        "        for layer in behind:  # other weights: a ReLU may be shut for the whole batch",
        "            kernel, bias = layer.get_weights()",
        "            scale = len(kernel) ** -0.5",
        "            layer.set_weights([rng.normal(0, scale, kernel.shape), rng.normal(size=bias.shape)])",
        "    return {name: int(pairs.sum()) for name, pairs in zip(names, found)}",
        "",
        *assign_dict("models", {style: f"{style}()" for style in styles}),
        *assign_dict("places", places),
        "reached = {}",
        "for style, model in models.items():",
        "    reached[style] = moved(model, places[style])",
        '    print(style, "of", neurons * sum(units), "pairs reach", sum(reached[style].values()))',
        styles=styles,
    )


CLAIM = Claim(
    key="fully_connected",
    number=2,
    title="Every neuron reaches every output",
    source="the question",
    statement="All neurons before the outputs should feed every output. With a layer for each output the plot shows it; "
    "with one Dense layer for all it does not.",
    question="Which style connects every neuron of the last shared layer to every output?",
    options=("both", "only one Dense layer a head", "only one Dense layer for all"),
    judge=judge,
    code=code,
    evidence=Reached,
)
