"""Recognisers of micro-expressions: flow maps to three classes."""
