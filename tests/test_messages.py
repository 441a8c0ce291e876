"""The messages of the errors that a user can cause: one line each, which says what was expected, came, or is to do."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import mien
from mien import errors

SOURCE = Path(mien.__file__).parent
LONGEST = 160
"""Characters of a message's own words; what is filled in, such as a path, comes on top."""

SAYS = re.compile(
    r"\b(expected|cannot|needs?|got|choose|use|give|add|leave|make|install|delete|put|restore|see|export|read|only|damaged)\b"
)
"""Words by which a message says what was expected, what came or what to do."""

ERRORS = {name for name, kind in vars(errors).items() if isinstance(kind, type)}


def words_of(node: ast.expr) -> str | None:
    """Return the text of a message with {} for each value that is filled in; None if it is made elsewhere."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = words_of(node.left), words_of(node.right)
        return None if left is right is None else (left or "{}") + (right or "{}")
    return None


def messages() -> list[tuple[str, str]]:
    """Return the place and the words of each message in the source."""
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            raised = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if raised and node.func.id in ERRORS and node.args:
                words = words_of(node.args[0])
                if words is not None:
                    found.append((f"{path.relative_to(SOURCE)}:{node.lineno}", words))
    return found


def test_messages_are_short_lines() -> None:
    said = messages()
    assert len(said) > 900  # the search finds them
    wrong = [(at, words) for at, words in said if "\n" in words or len(words) > LONGEST]
    assert not wrong


def test_messages_end_without_a_full_stop() -> None:
    # They follow "mien: error:"; "..." stands for what was cut.
    assert not [(at, words) for at, words in messages() if re.search(r"[^.]\.$", words)]


def test_messages_say_what_was_expected_came_or_is_to_do() -> None:
    silent = [
        (at, words)
        for at, words in messages()
        # One that begins with {} continues another message.
        if not (SAYS.search(words) or words.startswith("{}"))
    ]
    assert not silent
