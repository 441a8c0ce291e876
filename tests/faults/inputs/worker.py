"""Try inputs one after the other, one line of JSON for each: ``python -m tests.faults.inputs.worker``."""

from __future__ import annotations

import json
import sys
import warnings
from dataclasses import asdict
from pathlib import Path

from tests.faults.inputs.outcome import limit_memory, outcome_of, watch
from tests.faults.inputs.readers import READERS

MOST_MORE_MB = 6000
"""Address space beyond what the imports take; memory itself is judged for each input."""


def main() -> None:
    """Read a plan from the first argument: seed, folder and [reader, number] pairs."""
    plan = json.loads(sys.argv[1])
    warnings.simplefilter("ignore")
    watch()
    limited = False
    for name, index in plan["cases"]:
        reader = READERS[name]
        # The first line says that it begins, so that one that never ends is known.
        print(json.dumps({"reader": name, "index": index}), flush=True)
        if not limited:
            limit_memory(MOST_MORE_MB)
            limited = True
        found = outcome_of(reader, plan["seed"], index, Path(plan["folder"]) / f"{name}-{index}")
        print(json.dumps({"reader": name, "index": index, **asdict(found)}), flush=True)


if __name__ == "__main__":
    main()
