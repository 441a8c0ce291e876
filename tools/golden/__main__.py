"""Run the commands and write their record, or compare two records.

``python -m tools.golden --out FOLDER/golden.json`` runs this checkout; ``--src CHECKOUT`` runs
another one with the same commands. ``python -m tools.golden --compare A.json B.json`` prints each
difference, one line for each output, and exits with 1 if there is any. ``--only REGEX`` runs the
steps whose name matches and the steps that they need; ``--list`` prints the names; ``--keep FOLDER``
keeps all files, so that differences can be examined.

All steps take about five minutes on two free cores, ten minutes of processor time. They need the
extras of the tests (``make setup``) and no network.

Compare only records of one machine and one environment: codecs and floating point depend on both.
What differs from run to run (folders, ports, versions, wall-clock times) is replaced by
placeholders, see `normal`; the order of keys in JSON does not count.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from pathlib import Path

from .compare import differences
from .place import make_place
from .runner import run_steps
from .steps import all_steps, chosen

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Run the steps and write their record, list them, or compare two records."""
    options = _parser().parse_args()
    if options.compare is not None:
        return _compare(*options.compare)
    if options.list:
        print("\n".join(step.name for step in all_steps()))
        return 0
    if options.out is None:
        raise SystemExit("expected --out FILE.json or --compare A.json B.json")
    if options.keep is not None:
        return _record(options, options.keep.resolve())
    with tempfile.TemporaryDirectory(prefix="golden-") as temporary:
        return _record(options, Path(temporary).resolve())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.golden", description=__doc__)
    parser.add_argument("--out", type=Path, help="the record to write")
    parser.add_argument("--src", type=Path, default=ROOT, help="the checkout to run")
    parser.add_argument("--only", default="", help="only steps whose name has this regex")
    parser.add_argument("--jobs", type=int, default=2, help="steps at the same time")
    parser.add_argument("--keep", type=Path, help="a new folder where all files stay")
    parser.add_argument("--list", action="store_true", help="print the names of all steps")
    parser.add_argument("--compare", nargs=2, type=Path, metavar=("A", "B"))
    return parser


def _record(options: argparse.Namespace, work: Path) -> int:
    place = make_place(work, options.src.resolve())
    steps = chosen(all_steps(), options.only)
    records, surprises = run_steps(steps, place, options.jobs)
    wanted = {name: record for name, record in records.items() if re.search(options.only, name)}
    found = {"only": options.only, "versions": place.versions, "steps": wanted}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False)
    options.out.write_text(text + "\n", encoding="utf-8")
    print(f"{options.out}: {len(wanted)} commands, {len(surprises)} with an unexpected exit code")
    return 1 if surprises else 0


def _compare(first: Path, second: Path) -> int:
    a, b = (json.loads(path.read_text(encoding="utf-8")) for path in (first, second))
    lines = list(differences(a, b))
    compared = len(a["steps"].keys() & b["steps"].keys())
    print("\n".join(lines) if lines else f"{compared} commands, no difference")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
