"""Readers of the published data sets of micro-expressions, from the user's own licensed copy.

:mod:`mien.datasets.registry` loads a data set by name; :mod:`mien.datasets.check` finds what a copy
lacks and what is inconsistent.
"""
