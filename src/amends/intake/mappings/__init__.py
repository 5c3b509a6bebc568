"""Mappings of records systems: which column fills which fact."""
