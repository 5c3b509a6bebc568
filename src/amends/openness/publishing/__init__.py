"""Figures that leave: pages, workbooks and data, made from tables that were proved safe and from nothing else."""
