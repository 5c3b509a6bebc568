"""Who did what, in a Merkle log with signed checkpoints that nobody can rewrite unseen."""
