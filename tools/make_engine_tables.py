"""Write the tables of docs/cli.md that list the engines and their settings, as the engines describe them.

Run ``python tools/make_engine_tables.py`` after a change of an engine's description or settings.
"""

from __future__ import annotations

from doc_tables import DOCS, markdown_table, write_table
from mien.engines.registry import BUILT_IN
from mien.engines.settings import Setting

PAGE = DOCS / "cli.md"


def engines_table() -> str:
    """Return the table of the engines in Markdown."""
    rows = []
    for spec in BUILT_IN.values():
        transfers = "yes, by measured AUs" if spec.uses_aus else "yes"
        rows.append(
            (
                spec.name,
                "yes" if "generate" in spec.tasks else "",
                transfers if "transfer" in spec.tasks else "",
                spec.about,
                spec.extra.label if spec.extra else "",
            )
        )
    return markdown_table(("engine", "generate", "transfer", "how it works", "needs"), rows)


def settings_table() -> str:
    """Return the table of the engines' settings in Markdown: one row for each option and meaning."""
    owners: dict[tuple[str, str, str, str], list[str]] = {}
    for spec in BUILT_IN.values():
        for each in spec.settings.described():
            row = (options(each), values(each), each.help.replace("|", r"\|"), default(each))
            owners.setdefault(row, []).append(spec.name)
    return markdown_table(
        ("setting", "engines", "takes", "means", "default"),
        [(row[0], ", ".join(names), *row[1:]) for row, names in owners.items()],
    )


def options(setting: Setting) -> str:
    """Return a setting's option, and for a switch the one that turns it off."""
    off = setting.option.replace("--", "--no-", 1)
    return f"`{setting.option}`, `{off}`" if setting.kind == "switch" else f"`{setting.option}`"


def values(setting: Setting) -> str:
    """Return what an option takes: its choices, or the placeholder of its value."""
    return ", ".join(setting.choices) or setting.metavar


def default(setting: Setting) -> str:
    """Return a setting's default as the command line shows it; empty if it has none."""
    if setting.kind == "switch":
        return "on" if setting.default else "off"
    return "" if setting.default is None else str(setting.default)


TABLES = {"engines": engines_table, "engine settings": settings_table}


if __name__ == "__main__":
    for name, table in TABLES.items():
        write_table(PAGE, name, table())
    print(PAGE)
