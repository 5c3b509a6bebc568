"""Who did what, in a log that nobody can rewrite."""
