"""What the pages of claims, questions and topologies share: the job that measures one, and the mark of a prediction."""
