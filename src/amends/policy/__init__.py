"""May this offence be a community resolution, who may allow it, and why: by published policy, as data."""
