"""What claims, questions, mistakes, topologies, sweeps and gradients share: prediction, job, verdict and picture."""
