"""Compare two records; one line for each output that differs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

_SHOWN = 4
"""Largest number of differing keys in the line of an output, and of lines for the files of a command."""

_LONGEST = 90
"""Largest number of characters of a value in a line."""

_NOTHING = object()


def differences(a: dict[str, Any], b: dict[str, Any]) -> Iterator[str]:
    """Yield a line for each difference of two records.

    If a record holds only a part of the steps (``--only``), further steps of the other are left out.
    """
    for name in sorted(a["versions"].keys() | b["versions"].keys()):
        one, other = (side["versions"].get(name) for side in (a, b))
        if one != other:
            yield f"(environment) {name}: {one} -> {other}"
    first, second = a["steps"], b["steps"]
    partial = bool(a.get("only") or b.get("only"))
    for name in sorted(first.keys() | second.keys()):
        if name in first and name in second:
            yield from _step(name, first[name], second[name])
        elif not partial:
            yield f"{name}: only in the {'first' if name in first else 'second'} record"


def _step(name: str, a: dict[str, Any], b: dict[str, Any]) -> Iterator[str]:
    for key in ("command", "exit", "stdout", "stderr"):
        if a[key] != b[key]:
            yield f"{name}  {key}: {_keys(a[key], b[key])}"
    first, second = a["files"], b["files"]
    yield from _missing(name, sorted(first.keys() - second.keys()), "first")
    yield from _missing(name, sorted(second.keys() - first.keys()), "second")
    for file in sorted(first.keys() & second.keys()):
        if first[file] != second[file]:
            yield f"{name}  {file}: {_file(first[file], second[file])}"


def _missing(name: str, files: list[str], where: str) -> Iterator[str]:
    """Yield a line for each file that only one record has, or a single line if there are many."""
    if len(files) > _SHOWN:
        yield f"{name}  {len(files)} files, such as {files[0]}: only in the {where} record"
    else:
        yield from (f"{name}  {file}: only in the {where} record" for file in files)


def _file(a: dict[str, Any], b: dict[str, Any]) -> str:
    changed = {key for key in a.keys() | b.keys() if a.get(key) != b.get(key)}
    if changed == {"container"}:
        return f"content equal, the file's bytes differ ({a['kind']})"
    rest = changed - {"container", "frames"}
    said = []
    if "frames" in changed:
        said.append(_frames(a.get("frames", []), b.get("frames", [])))
    if rest:
        said.append(_keys({k: a.get(k) for k in rest}, {k: b.get(k) for k in rest}))
    return "; ".join(said)


def _frames(a: list[str], b: list[str]) -> str:
    if len(a) != len(b):
        return f"{len(a)} -> {len(b)} frames"
    other = [index for index, pair in enumerate(zip(a, b, strict=True)) if pair[0] != pair[1]]
    return f"{len(other)} of {len(a)} frames differ, the first is frame {other[0]}"


def _keys(a: Any, b: Any) -> str:
    """Name the differing places of two JSON values, the first few with both values."""
    found = list(_places(a, b, ""))
    shown = [f"{place or 'value'} {_short(x)} -> {_short(y)}" for place, x, y in found[:_SHOWN]]
    more = f" (and {len(found) - _SHOWN} more)" if len(found) > _SHOWN else ""
    return ", ".join(shown) + more


def _places(a: Any, b: Any, place: str) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(a, dict) and isinstance(b, dict):
        for key in [*a, *(key for key in b if key not in a)]:
            inner = f"{place}.{key}" if place else key
            yield from _places(a.get(key, _NOTHING), b.get(key, _NOTHING), inner)
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for index, (one, other) in enumerate(zip(a, b, strict=True)):
            yield from _places(one, other, f"{place}[{index}]")
    elif isinstance(a, list) and isinstance(b, list) and len(a) != len(b):
        yield from _places_of_lengths(a, b, place)
    elif a != b:
        yield place, a, b


def _places_of_lengths(a: list[Any], b: list[Any], place: str) -> Iterator[tuple[str, Any, Any]]:
    """Yield the lengths of two lists, and the first entries that differ."""
    yield f"length of {place or 'the list'}", len(a), len(b)
    for index in range(max(len(a), len(b))):
        one = a[index] if index < len(a) else _NOTHING
        other = b[index] if index < len(b) else _NOTHING
        if one is _NOTHING or other is _NOTHING or one != other:
            yield f"{place}[{index}]", one, other
            return


def _short(value: Any) -> str:
    text = "nothing" if value is _NOTHING else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
