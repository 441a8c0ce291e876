"""Print how many mutants of each module the tests caught in the last ``mutmut run``.

``make mutate`` runs it after mutmut; by hand, run ``python -m tools.mutation_scores`` in the repository's root.
It returns 1 if the tests caught less than `ENOUGH` of the mutants that were tried, or if some were not tried.
With ``--part``, for a run of some mutants only, those that were not tried are counted and allowed.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

ENOUGH = 0.85
CAUGHT = ("killed", "timeout", "segfault")
UNTRIED = "not checked"


def counts_by_module() -> dict[str, Counter[str]]:
    """Count mutmut's results for each module that it changes, by the module's path in the package."""
    from mutmut.mutation.data import SourceFileMutationData
    from mutmut.stats import status_by_exit_code
    from mutmut.utils.file_utils import walk_mutatable_files

    counts: dict[str, Counter[str]] = {}
    for path in sorted(walk_mutatable_files()):
        data = SourceFileMutationData(path=path)
        data.load()
        count = Counter(status_by_exit_code[code] for code in data.exit_code_by_key.values())
        if count:
            counts[path.relative_to(Path("src/mien")).as_posix()] = count
    return counts


def enough(counts: Mapping[str, Counter[str]], part: bool = False) -> bool:
    """Return whether the tests caught enough of the mutants.

    Args:
        counts: Results for each module.
        part: Allow mutants that were not tried.
    """
    every = sum(counts.values(), Counter[str]())
    tried = every.total() - every[UNTRIED]
    caught = sum(every[word] for word in CAUGHT)
    return tried > 0 and (part or every[UNTRIED] == 0) and caught >= ENOUGH * tried


def main() -> int:
    """Print one table row for each module and one for all of them."""
    counts = counts_by_module()
    if not counts:
        print("no results of mutmut here: run make mutate first", file=sys.stderr)
        return 1
    every = sum(counts.values(), Counter())
    print("| module | caught | survived | not tried | caught of tried |")
    print("|---|---|---|---|---|")
    for module, count in [*counts.items(), ("all", every)]:
        caught = sum(count[word] for word in CAUGHT)
        tried = count.total() - count[UNTRIED]
        share = f"{caught / tried:.1%}" if tried else ""
        print(f"| `{module}` | {caught} | {tried - caught} | {count[UNTRIED]} | {share} |")
    print("Results:", ", ".join(f"{number} {word}" for word, number in every.most_common()))
    return int(not enough(counts, part="--part" in sys.argv[1:]))


if __name__ == "__main__":
    sys.exit(main())
