"""What claims, questions, mistakes, topologies, sweeps and gradients share: predicted, measured, judged, pictured."""
