"""What people do in a restorative process: each a function that is allowed, done once, and entered in the ledger."""
