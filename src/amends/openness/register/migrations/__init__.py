"""The restorative processes of a case: who takes part, what comes before a meeting, and what came of it."""
