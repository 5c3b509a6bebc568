"""Requests for information, and the figures that are published unasked: clock, cost, publishing, scanning."""
