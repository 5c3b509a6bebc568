"""Everything that can be done to a case: each is allowed or refused, done once, and in the ledger."""
