"""Try malformed inputs on all readers: ``python -m tests.faults.inputs``; exit code 1 if there is a fault."""

from __future__ import annotations

import argparse
import sys

from tests.faults.inputs.readers import READERS
from tests.faults.inputs.run import Result, counts, run

DEFAULT_EACH = 60


def main() -> int:
    """Run the cases and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=DEFAULT_EACH, help="inputs for each reader")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="*", choices=sorted(READERS), default=sorted(READERS))
    parser.add_argument("--index", type=int, help="one input only, of the readers chosen")
    parser.add_argument("--verbose", action="store_true", help="print every outcome")
    asked = parser.parse_args()
    cases = [
        (name, index)
        for name in asked.only
        for index in (
            [asked.index]
            if asked.index is not None
            else range(max(round(asked.each * READERS[name].share), 1))
        )
    ]
    results: list[Result] = []
    for result in run(cases, asked.seed):
        results.append(result)
        if result.kind == "fault" or asked.index is not None or asked.verbose:
            print(f"{result.reader} {result.index} {result.kind}: {result.detail}\n", flush=True)
    print("| reader | inputs | accepted | refused in one line | faults | longest | most memory |")
    print("|---|---|---|---|---|---|---|")
    for name, found in counts(results).items():
        own = [result for result in results if result.reader == name]
        print(
            f"| {name} | {len(own)} | {found['accepted']} | {found['refused']} | {found['fault']} | "
            f"{max(r.seconds for r in own):.1f} s | {max(r.peak_mb for r in own):.0f} MB |"
        )
    faults = sum(result.kind == "fault" for result in results)
    print(f"| all | {len(results)} | | | {faults} | | |")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
