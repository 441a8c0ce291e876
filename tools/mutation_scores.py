"""Print how many mutants of each module the tests caught in the last ``mutmut run``.

``make mutate`` runs it after mutmut; by hand, run ``python -m tools.mutation_scores`` in the repository's root.
It returns 1 if the tests caught less than `ENOUGH` of all mutants, or if a run was interrupted.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

ENOUGH = 0.85
CAUGHT = ("killed", "timeout", "segfault")
UNTRIED = "not checked"


def counts_by_module() -> dict[str, Counter[str]]:
    """Count mutmut's results for each module that it tried, by the module's path in the package."""
    from mutmut.mutation.data import SourceFileMutationData
    from mutmut.stats import status_by_exit_code
    from mutmut.utils.file_utils import walk_mutatable_files

    counts: dict[str, Counter[str]] = {}
    for path in sorted(walk_mutatable_files()):
        data = SourceFileMutationData(path=path)
        data.load()
        count = Counter(status_by_exit_code[code] for code in data.exit_code_by_key.values())
        if set(count) - {UNTRIED}:
            counts[path.relative_to(Path("src/mien")).as_posix()] = count
    return counts


def main() -> int:
    """Print one table row for each module and one for all of them."""
    counts = counts_by_module()
    if not counts:
        print("no results of mutmut here: run make mutate first", file=sys.stderr)
        return 1
    every = sum(counts.values(), Counter())
    print("| Module | Mutants | Caught | Share |")
    print("|---|---|---|---|")
    for module, count in [*counts.items(), ("all", every)]:
        caught = sum(count[word] for word in CAUGHT)
        print(f"| `{module}` | {count.total()} | {caught} | {caught / count.total():.1%} |")
    print("Results:", ", ".join(f"{number} {word}" for word, number in every.most_common()))
    return int(every[UNTRIED] > 0 or sum(every[w] for w in CAUGHT) < ENOUGH * every.total())


if __name__ == "__main__":
    sys.exit(main())
