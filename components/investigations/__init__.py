"""What pages of claims, questions and topologies share: the job that measures one, and what becomes of a prediction."""
