"""Spoil bytes, texts, tables and JSON values at random, the same way for the same seed."""

from __future__ import annotations

import copy
import json
from random import Random
from typing import Any

DIGITS = "9" * 400
LONG_DIGITS = "7" * 30_000

NUMBERS = (
    *("nan", "NaN", "inf", "-inf", "Infinity", "1e999", "-1e999", "1e308", "-1e308", "1e-320"),
    *("1e1000000000", "1/1e9", "1/0", "0/0", "0", "-0.0", "-1", "1e18", "9223372036854775808"),
    *(DIGITS, f"-{DIGITS}", LONG_DIGITS, f"1/{DIGITS}", f"{DIGITS}/7", "0x10", "1_0", "٣", "½"),
)
"""Texts that stand where a number should."""

TEXTS = (
    *("", " ", "\0", "a\0b", "\x1b[31mred\x1b[0m", "\n", "\r\n", "../../etc/passwd", "/dev/zero"),
    *(
        "http://127.0.0.1:9/a",
        "x" * 5000,
        "é" * 300,
        "\u202e",
        "\ud800",
        "=1+1",
        "'",
        '"',
        ",",
        ";",
    ),
    *("AU99", "AU12L=2", "AU12=2@0-0-0-0", "nan", "None", "%s%n", "{0}", "~", ".", "..", "CON"),
)
"""Texts that stand where a name, a path or a word should."""


def nasty_value(rng: Random) -> Any:
    """A JSON value of any kind, most of them extreme."""
    return rng.choice(
        (
            *(None, True, False, 0, -1, 2**31, 2**63, -(2**63) - 1, 2**1000, 10**400, 0.1, 1e308),
            *(float("nan"), float("inf"), -float("inf"), 5e-324, [], {}, [[]], [None], {"a": {}}),
            *(
                rng.choice(TEXTS),
                rng.choice(NUMBERS),
                [1e308] * 3,
                list(range(1000)),
                [[1], [1, 2]],
            ),
        )
    )


def spoil_bytes(data: bytes, rng: Random) -> bytes:
    """Cut, fill, flip, repeat or exchange parts of a file."""
    way = rng.randrange(8)
    at = rng.randrange(len(data) + 1)
    span = min(len(data) - at, 1 << rng.randrange(12))
    if way == 0:
        return data[:at]
    if way == 1:
        return data[:at] + rng.randbytes(span) + data[at + span :]
    if way == 2:
        return data[:at] + bytes(span) + data[at + span :]
    if way == 3:
        return data[:at] + b"\xff" * span + data[at + span :]
    if way == 4:
        return data[:at] + data[at + span :]
    if way == 5:
        return data[:at] + data[at : at + span] * rng.randrange(2, 50) + data[at:]
    spoilt = bytearray(data)
    # Headers are at the front, and matter most.
    near = len(data) if way == 6 else min(len(data), 256)
    for _ in range(rng.randrange(1, 12)):
        spoilt[rng.randrange(near)] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))
    return bytes(spoilt)


def spoil_table(text: str, rng: Random, delimiter: str = ",") -> bytes:
    """Put strange cells, columns and rows into a CSV text, or spoil its bytes."""
    if rng.random() < 0.25:
        return spoil_bytes(text.encode(), rng)
    rows = [line.split(delimiter) for line in text.splitlines()]
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        row = rng.randrange(len(rows))
        way = rng.randrange(7)
        if way <= 3 and rows[row]:
            cells = NUMBERS if way < 3 else TEXTS
            rows[row][rng.randrange(len(rows[row]))] = rng.choice(cells)
        elif way == 4:
            rows[row] = rows[row][: rng.randrange(len(rows[row]) + 1)]
        elif way == 5:
            rows.insert(row, list(rows[rng.randrange(len(rows))]))
        else:
            rows[row] = rows[row] + [rng.choice(TEXTS)] * rng.randrange(1, 400)
    spoilt = "\n".join(delimiter.join(row) for row in rows)
    encoding = rng.choice((*["utf-8"] * 12, "utf-16", "utf-8-sig", "latin-1", "utf-32"))
    return spoilt.encode(encoding, "replace" if encoding == "latin-1" else "surrogatepass")


def spoil_json(value: Any, rng: Random) -> bytes:
    """Replace, drop and nest parts of a JSON value, or spoil its text."""
    way = rng.random()
    if way < 0.15:
        return spoil_bytes(json.dumps(value).encode(), rng)
    if way < 0.2:
        deep = rng.choice((100, 2_000, 100_000))
        return b'{"a":' * deep + b"[" * deep if rng.random() < 0.5 else b"[" * deep + b"]" * deep
    spoilt = spoil_value(value, rng)
    text = json.dumps(spoilt)
    if way < 0.35:  # numbers that Python's own writer would not make
        text = text.replace("0.", rng.choice(("1e999", DIGITS, f"{LONG_DIGITS}0.", "-")), 1)
    return text.encode("utf-8", "surrogatepass")


def stretch_json(value: Any, rng: Random) -> bytes:
    """Replace numbers by others of the same kind, such as a form would let pass."""
    spoilt = copy.deepcopy(value)
    numbers = [(p, k) for p, k in _places(spoilt) if type(p[k]) in (int, float)]
    for parent, key in rng.sample(numbers, min(len(numbers), rng.choice((1, 1, 2, 5)))):
        if type(parent[key]) is int:
            parent[key] = rng.choice((0, 1, 2, 7, 500, 2048, 10**6, 2**31))
        else:
            parent[key] = rng.choice((0.0, 1e-300, 1e-9, 0.003, 0.5, 5, 59.9, 100, 1e6, 1e300))
    for parent, key in list(_places(spoilt)):
        if key == "fps" and rng.random() < 0.3:
            parent[key] = rng.choice(
                ("10000", "0.001", "1/999999999", "29.97", "1e-300", "9999/10000")
            )
    return json.dumps(spoilt).encode()


def spoil_value(value: Any, rng: Random) -> Any:
    """A copy of a JSON value with one to three of its parts replaced or dropped."""
    spoilt = copy.deepcopy(value)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        places = list(_places(spoilt))
        if not places or rng.random() < 0.02:
            return nasty_value(rng)
        parent, key = rng.choice(places)
        way = rng.randrange(8)
        if way == 0:
            del parent[key]
        elif way == 1 and isinstance(parent[key], str):
            parent[key] = rng.choice(NUMBERS)
        elif way == 2 and isinstance(parent, dict):
            parent[rng.choice(TEXTS)] = nasty_value(rng)
        elif way <= 4 and isinstance(parent[key], int | float):
            parent[key] = rng.choice((-1, 0, 1e-300, 1e6, 1e9, 1e15, 2**31, 2**62, 1e300, 5e-324))
        else:
            parent[key] = nasty_value(rng)
    return spoilt


def _places(value: Any) -> Any:
    keys = (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    )
    for key in keys:
        yield value, key
        yield from _places(value[key])
