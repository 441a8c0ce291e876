"""Numbers with their nouns, for messages."""

from __future__ import annotations


def plural(number: int, noun: str) -> str:
    """Return a number with its noun in the singular or plural.

    Example:
        >>> plural(1, "shard"), plural(2, "shard")
        ('1 shard', '2 shards')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
