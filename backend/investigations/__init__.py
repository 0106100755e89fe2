"""What claims, questions of the Lab, mistakes and topologies have in common: asked, predicted, measured and judged."""
