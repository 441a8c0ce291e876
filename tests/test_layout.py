"""The packages' order, what they may not import or name, and the size of files, read from the source."""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mien.engines.registry import BUILT_IN

SOURCE = Path(__file__).parents[1] / "src" / "mien"
ORDER = (
    *(
        "errors",
        "interrupts",
        "scratch",
        "types",
        "version",
        "install",
        "au",
        "face",
        "rig",
        "motion",
        "render",
        "io",
        "models",
    ),
    *("engines", "datasets", "metrics", "synthesis", "common", "training", "generate"),
    *(
        "transfer",
        "measure",
        "recode",
        "convert",
        "flows",
        "evaluate",
        "stimuli",
        "project",
        "augment",
        "flow_pairs",
        "produce",
        "experiment",
    ),
    *("recognition", "plots", "pool", "verify", "studio", "rating", "cli"),
)
"""A package imports itself and the packages before it."""

LEVEL = {name: level for level, name in enumerate(ORDER)}
WITHOUT_TORCH = ("au", "face", "rig", "motion", "render", "io")
FILES = sorted(SOURCE.rglob("*.py"))
MAX_LINES = 400
MAX_MEDIAN_LINES = 120

ENGINES = set(BUILT_IN)
MAY_NAME_ENGINES = ("engines", "models", "training")
OTHER_MEANINGS = {
    "cli/train.py": ENGINES,  # architectures to train, and the face sets' kind "rig"
    "synthesis/flows.py": {"rig"},  # where a flow map comes from
}
"""Words in these files that do not name an engine."""

IMPORT_SECONDS = 0.1


def module_of(file: Path, source: Path = SOURCE) -> str:
    """``mien.au.track`` for ``src/mien/au/track.py``, ``mien.au`` for its ``__init__.py``."""
    parts = file.relative_to(source.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def package_of(file: Path) -> str:
    """``au`` for ``src/mien/au/track.py``, ``errors`` for ``src/mien/errors.py``."""
    return file.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported_names(file: Path) -> Iterator[str]:
    """Every absolute name that a file imports: at its top, in functions and for type checkers."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def import_graph(source: Path) -> dict[str, set[str]]:
    """The modules of a package by name, each with those of them that it imports."""
    files = {module_of(file, source): file for file in sorted(source.rglob("*.py"))}

    def target(name: str) -> str:
        return name if name in files else name.rpartition(".")[0]

    return {
        module: {target(name) for name in imported_names(file)} & files.keys() - {module}
        for module, file in files.items()
    }


def a_cycle(graph: dict[str, set[str]]) -> list[str]:
    """The first circle of imports that is found, its first module also last; empty if none."""
    done: set[str] = set()

    def search(module: str, path: list[str]) -> list[str]:
        if module in path:
            return [*path[path.index(module) :], module]
        if module not in done:
            for other in sorted(graph[module]):
                if found := search(other, [*path, module]):
                    return found
            done.add(module)
        return []

    return next((found for module in sorted(graph) if (found := search(module, []))), [])


def engines_named(file: Path) -> list[str]:
    """Each engine's name that stands in a file as a whole string, with its line."""
    allowed = OTHER_MEANINGS.get(file.relative_to(SOURCE).as_posix(), set())
    return [
        f"{file.relative_to(SOURCE)}:{node.lineno} {node.value!r}"
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value in ENGINES - allowed
    ]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_imports_go_downwards(file: Path) -> None:
    package = package_of(file)
    if package in ("__init__", "__main__"):  # the public face of all packages
        return
    assert package in LEVEL, f"{package} has no place in the order"
    for name in imported_names(file):
        parts = name.split(".")
        if parts[0] == "mien":
            assert parts[1] in LEVEL, f"{file} imports {name}, which has no place in the order"
            assert LEVEL[parts[1]] <= LEVEL[package], f"{package} may not import {name}"


def test_no_imports_in_a_circle() -> None:
    assert not (found := a_cycle(import_graph(SOURCE))), " imports ".join(found)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_core_imports_no_torch(file: Path) -> None:
    if package_of(file) in WITHOUT_TORCH:
        assert not {name for name in imported_names(file) if name.split(".")[0] == "torch"}


def test_files_are_short() -> None:
    lines = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in FILES}
    assert not [str(file) for file, count in lines.items() if count > MAX_LINES]
    assert statistics.median(lines.values()) <= MAX_MEDIAN_LINES


def test_only_engines_and_their_networks_name_an_engine() -> None:
    files = [file for file in FILES if package_of(file) not in MAY_NAME_ENGINES]
    assert not [place for file in files for place in engines_named(file)]


def test_importing_mien_is_quick_and_light() -> None:
    code = (
        "import sys, time; start = time.process_time(); import mien; "
        "print(time.process_time() - start, {'numpy', 'torch'} & sys.modules.keys())"
    )
    seconds = []
    for _ in range(3):
        out = subprocess.check_output([sys.executable, "-c", code], text=True)
        taken, heavy = out.split(maxsplit=1)
        assert heavy.strip() == "set()"
        seconds.append(float(taken))
    assert min(seconds) < IMPORT_SECONDS


def test_an_upward_import_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text("def f():\n    from mien.cli.main import main\n    import torch.nn\n")
    assert list(imported_names(file)) == ["mien.cli.main.main", "torch.nn"]


def test_a_circle_is_seen(tmp_path: Path) -> None:
    source = tmp_path / "mien"
    (source / "io").mkdir(parents=True)
    (source / "__init__.py").write_text("")
    (source / "io" / "__init__.py").write_text("import mien.a\n")
    (source / "a.py").write_text("def f():\n    from mien.io import b\n")
    (source / "io" / "b.py").write_text("from mien.a import f\n")
    assert a_cycle(import_graph(source)) == ["mien.a", "mien.io.b", "mien.a"]
    (source / "io" / "b.py").write_text("")
    assert a_cycle(import_graph(source)) == []
