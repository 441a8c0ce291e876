"""The place where the commands run: a work folder, and an environment in which results are repeatable."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .inputs import write_inputs

_ONE_THREAD = (
    *("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS"),
    "OPENCV_FOR_THREADS_NUM",
)
_PROBE = """
import json, matplotlib.font_manager, mien, platform
from importlib.metadata import PackageNotFoundError, version
found = {"python": platform.python_version()}
for name in "numpy opencv-python-headless av torch ai-edge-litert matplotlib scipy tyro".split():
    try:
        found[name] = version(name)
    except PackageNotFoundError:
        found[name] = "none"
print(json.dumps([mien.__file__, found]))
"""


@dataclass(frozen=True)
class Place:
    """The place where the commands run.

    Attributes:
        work: The current folder of all commands; each step writes into a folder of its name.
        src: The checkout that is run.
        env: The environment of all commands.
        versions: Versions of the software that the outputs depend on.
    """

    work: Path
    src: Path
    env: dict[str, str]
    versions: dict[str, str]

    def mien(self, words: Sequence[str]) -> list[str]:
        """Return the command line of one Mien command."""
        return [sys.executable, "-m", "mien", *words]


def make_place(work: Path, src: Path) -> Place:
    """Fill a work folder with the inputs, and check that the wanted checkout would run.

    Raises:
        SystemExit: The folder is not empty, or another copy of Mien would run.
    """
    work.mkdir(parents=True, exist_ok=True)
    if any(work.iterdir()):
        raise SystemExit(f"expected a new or empty folder, got {work}")
    env = _environment(work, src)
    Path(env["HOME"]).mkdir()
    # This also builds Matplotlib's font cache, which a command would otherwise report on its error stream.
    probe = [sys.executable, "-c", _PROBE]
    said = subprocess.run(probe, env=env, cwd=work, capture_output=True, text=True, check=True)
    home, versions = json.loads(said.stdout.splitlines()[-1])
    if not Path(home).resolve().is_relative_to(src / "src"):
        raise SystemExit(f"expected Mien from {src / 'src'}, got {home}")
    write_inputs(work / "in")
    return Place(work, src, env, versions)


def _environment(work: Path, src: Path) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(work / ".home"),
        "TMPDIR": os.environ.get("TMPDIR", "/tmp"),
        "MPLCONFIGDIR": str(work / ".home"),
        "PYTHONPATH": str(src / "src"),
        "PYTHONSAFEPATH": "1",  # folders in the work folder are not imported as modules
        "PYTHONHASHSEED": "0",
        "PYTHONWARNINGS": "default",
        "CUDA_VISIBLE_DEVICES": "",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "TERM": "dumb",
        "NO_COLOR": "1",
        "COLUMNS": "100",
        **dict.fromkeys(_ONE_THREAD, "1"),
    }
