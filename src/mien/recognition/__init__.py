"""Recognisers of micro-expressions: training and evaluation."""
