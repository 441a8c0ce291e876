"""Check an installed wheel without extras: no torch, all assets, notices, and a command that works.

Run as ``python check_wheel.py ASSETS``, ASSETS being the checkout's, in an environment that has
only the wheel.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import subprocess
import sys
from pathlib import Path

import mien


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the installed ``mien``."""
    program = Path(sys.executable).with_name("mien")
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=False)


def files_below(folder: Path) -> dict[str, bytes]:
    """Every file in a folder and its subfolders, by its path from there."""
    found = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in found}


def main() -> None:
    """Check; an AssertionError says what does not hold."""
    for extra in ("torch", "skimage", "pytest"):
        assert importlib.util.find_spec(extra) is None, f"{extra} came with the core"

    package = Path(mien.__file__).parent
    assert "site-packages" in package.parts, f"expected the wheel, got {package}"
    wanted, packed = files_below(Path(sys.argv[1])), files_below(package / "assets")
    assert packed == wanted, f"assets in the wheel: {sorted(packed)}, expected {sorted(wanted)}"
    static = files_below(Path(sys.argv[1]).parent / "studio" / "static")
    assert files_below(package / "studio" / "static") == static, "the studio's pages are not whole"
    assert (package / "py.typed").is_file(), "py.typed is not in the wheel"
    files = {file.name for file in importlib.metadata.files("mien") or []}
    assert {"LICENSE", "NOTICE"} <= files, "LICENSE or NOTICE is not in the wheel"

    assert run("--help").returncode == 0, run("--help").stderr
    assert "happiness" in run("expressions").stdout
    missing = run("demo", "--out", "demo")
    assert missing.returncode == 2 and ".whl[demo]" in missing.stderr, missing.stderr
    missing = run("train", "ulme-gan", "--data", "faces", "--out", "run")
    assert missing.returncode == 2 and ".whl[train]" in missing.stderr, missing.stderr
    missing = run("studio", "--no-browser")
    assert missing.returncode == 2 and ".whl[studio]" in missing.stderr, missing.stderr

    import numpy as np
    from PIL import Image

    Image.fromarray(np.full((200, 200, 3), 128, np.uint8)).save("grey.png")
    faceless = run("generate", "grey.png", "--out", "clip.mp4", "--expression", "anger")
    assert faceless.returncode == 2, faceless  # all imports and the nets work, and no face is said
    assert faceless.stderr.startswith("mien: error: grey.png: found no face"), faceless.stderr
    assert faceless.stderr.count("\n") == 1 and not Path("clip.mp4").exists()
    print(f"the wheel works without extras: {len(packed)} assets, no torch")


if __name__ == "__main__":
    main()
