"""Readers of the published data sets of micro-expressions, each from its user's own licensed copy.

:mod:`mien.datasets.registry` reads one by its name, :mod:`mien.datasets.check` says what a copy lacks.
"""
