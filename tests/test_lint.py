"""An undefined name passes neither ruff nor mypy with the project's settings."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SETTINGS = {
    "ruff": ("check", "--no-cache", "--output-format", "concise", "--config", "pyproject.toml"),
    "mypy": ("--cache-dir", "/dev/null", "--config-file", "pyproject.toml"),
}
UNDEFINED = '''"""A sample."""

from __future__ import annotations

from pathlib import Path

HOME = Path.home()


def name(path: PurePath) -> str:
    """Return a file's name."""
    return path.name
'''
SHAPES = '''"""Shape strings of one axis, of several and of any number."""

from __future__ import annotations

from numpy import ndarray
from jaxtyping import Float32


def mean(field: Float32[ndarray, "frames 468 2"]) -> Float32[ndarray, " frames *rest"]:
    """Return a mean."""
    return field.mean(0)


def first(times: Float32[ndarray, " frames"]) -> float:
    """Return the first."""
    return float(times[0])
'''


def report(tool: str, source: str, folder: Path) -> str:
    """What a tool finds in one module."""
    pytest.importorskip(tool)
    file = folder / "sample.py"
    file.write_text(source)
    command = [sys.executable, "-m", tool, *SETTINGS[tool], str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return "" if done.returncode == 0 else done.stdout


@pytest.mark.parametrize(("tool", "code"), [("ruff", "F821"), ("mypy", "[name-defined]")])
def test_an_undefined_name_is_found(tool: str, code: str, tmp_path: Path) -> None:
    found = report(tool, UNDEFINED, tmp_path)
    assert found.count(code) == 1 and "PurePath" in found


def test_shape_strings_are_no_names(tmp_path: Path) -> None:
    found = report("ruff", SHAPES, tmp_path)
    assert "F821" not in found and "F722" not in found
