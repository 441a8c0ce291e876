"""The table of recognition for a paper, in Markdown or LaTeX."""

from __future__ import annotations

import numpy as np

from mien.experiment.analysis import Analysis
from mien.experiment.interval import CONFIDENCE, Estimate
from mien.version import __version__

PAPER_SUFFIXES = (".md", ".tex")
_SPECIAL = {"&": r"\&", "%": r"\%", "_": r"\_", "#": r"\#", "$": r"\$", "{": r"\{", "}": r"\}"}
_SPECIAL |= {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


def paper_table(found: Analysis, suffix: str) -> str:
    """Return the table as text: a row for each category, and a row for all categories.

    Args:
        found: The analysis.
        suffix: ``.md`` or ``.tex``.
    """
    header = ["Expression", "Trials", "Hit rate", "Unbiased hit rate", "By chance", "d'"]
    header += [_words(name) for name in found.ratings]
    rows = []
    for name, each in found.recognised.items():
        rows.append(
            [
                name,
                str(each.trials),
                _interval(each.hit_rate),
                _interval(each.unbiased),
                _number(each.by_chance),
                _interval(each.sensitivity),
                *(_interval(rating.categories[name]) for rating in found.ratings.values()),
            ]
        )
    means = [_interval(rating.mean) for rating in found.ratings.values()]
    rows.append(["All", str(found.trials), _interval(found.overall), "", "", "", *means])
    people = f"{found.people} participant{'' if found.people == 1 else 's'}"
    caption = (
        f"Recognition by {people}. Means over participants with {100 * CONFIDENCE:.0f} % intervals in brackets; "
        "unbiased hit rates after Wagner (1993) with the rate that is expected by chance, d' with the log-linear "
        "correction."
    )
    return _markdown(header, rows, caption) if suffix == ".md" else _latex(header, rows, caption)


def _markdown(header: list[str], rows: list[list[str]], caption: str) -> str:
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    text = "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines
    )
    return f"{text}\n\n{caption}\n\n<!-- Made with Mien {__version__} -->\n"


def _latex(header: list[str], rows: list[list[str]], caption: str) -> str:
    def line(cells: list[str]) -> str:
        return (
            " & ".join("".join(_SPECIAL.get(letter, letter) for letter in cell) for cell in cells)
            + r" \\"
        )

    body = "\n".join(line(row) for row in rows[:-1])
    escaped = line([caption]).removesuffix(r" \\")
    return (
        f"% Made with Mien {__version__}; needs the package booktabs\n"
        f"\\begin{{table}}\n\\caption{{{escaped}}}\n"
        f"\\begin{{tabular}}{{l{'r' * (len(header) - 1)}}}\n\\toprule\n{line(header)}\n\\midrule\n"
        f"{body}\n\\midrule\n{line(rows[-1])}\n\\bottomrule\n\\end{{tabular}}\n\\end{{table}}\n"
    )


def _interval(estimate: Estimate) -> str:
    if np.isnan(estimate.low):
        return _number(estimate.mean)
    return f"{estimate.mean:.2f} [{estimate.low:.2f}, {estimate.high:.2f}]"


def _number(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.2f}"


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
