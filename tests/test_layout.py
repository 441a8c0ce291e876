"""The packages' order, and what they may not import, read from the source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "mien"
ORDER = (
    *("errors", "types", "au", "face", "rig", "motion", "render", "io", "models", "engines"),
    *("training", "datasets", "metrics", "api", "studio", "cli"),
)
LEVEL = {name: level for level, name in enumerate(ORDER)}
WITHOUT_TORCH = ("au", "face", "rig", "motion", "render", "io")
FILES = sorted(SOURCE.rglob("*.py"))


def package_of(file: Path) -> str:
    """``au`` for ``src/mien/au/track.py``, ``errors`` for ``src/mien/errors.py``."""
    return file.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported_modules(file: Path) -> Iterator[str]:
    """Every absolute module name that a file imports, at its top or inside functions."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_imports_go_downwards(file: Path) -> None:
    package = package_of(file)
    if package in ("__init__", "__main__"):  # the public face of all packages
        return
    assert package in LEVEL, f"{package} has no place in the order"
    for module in imported_modules(file):
        parts = module.split(".")
        if parts[0] != "mien" or parts[1] == "__version__":
            continue
        assert parts[1] in LEVEL, f"{file} imports {module}, which has no place in the order"
        assert LEVEL[parts[1]] <= LEVEL[package], f"{package} may not import {module}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_core_imports_no_torch(file: Path) -> None:
    if package_of(file) in WITHOUT_TORCH:
        assert not {m for m in imported_modules(file) if m.split(".")[0] == "torch"}


def test_an_upward_import_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text("def f():\n    from mien.cli.main import main\n    import torch.nn\n")
    assert list(imported_modules(file)) == ["mien.cli.main.main", "torch.nn"]
