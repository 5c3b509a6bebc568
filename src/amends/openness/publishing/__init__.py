"""Figures that leave: a folder of pages, workbooks and data, made from tables that were proved safe, and from nothing else."""
