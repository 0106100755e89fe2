"""Records the layer graph of each topology for its small picture: `python -m benchmarks.recorded_graphs`.

Run it after a change of a topology's model. A test says when the file is out of date.
"""

from __future__ import annotations

import json

from backend.questions.topologies import TOPOLOGIES
from backend.questions.topologies.graphs import RECORDED, bare
from backend.worker.build import build
from backend.worker.describe import layer_graph


def main() -> None:
    """Build each model and write the file."""
    graphs = {key: bare(layer_graph(build(topology.model.text))) for key, topology in TOPOLOGIES.items()}
    lines = [f'"{key}":{json.dumps(graph.model_dump(), separators=(",", ":"))}' for key, graph in graphs.items()]
    RECORDED.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{RECORDED}: {RECORDED.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
