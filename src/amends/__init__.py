"""Amends decides, runs and answers for community resolutions."""
