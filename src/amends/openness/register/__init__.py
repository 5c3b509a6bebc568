"""The register of requests for information: what was asked, by when it is due, and what became of it."""
