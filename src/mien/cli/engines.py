"""``mien engines``: list the engines, what they do, and their settings."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import tyro

from mien.cli.say import say


@dataclass(frozen=True, kw_only=True)
class Engines:
    """List the engines, what each is for, and its settings."""

    json: tyro.conf.FlagCreatePairsOff[bool] = False
    """Print one line of JSON."""

    def run(self) -> int:
        """Print the list."""
        from mien.cli.notes import warn
        from mien.engines.registry import broken_engines

        rows = engine_rows()
        if self.json:
            say(json.dumps({"engines": rows, "broken": broken_engines()}))
            return 0
        for row in rows:
            ready = "" if row["install"] is None else f" (not installed: {row['install']})"
            say(f"{row['name']}: {', '.join(row['tasks'])}{ready}")
            say(f"    {row['about']}")
            for each in row["settings"]:
                say(f"    {each['option']}  {each['help']}")
        warn(f"the engine {name} cannot be used: {why}" for name, why in broken_engines().items())
        return 0


def engine_rows() -> list[dict[str, Any]]:
    """Return the engines as JSON values; ``install`` is the command for a missing extra, or null."""
    from mien.engines.registry import engine_specs

    return [
        {
            "name": spec.name,
            "tasks": list(spec.tasks),
            "about": spec.about,
            "install": spec.extra.command if spec.extra and spec.extra.missing else None,
            "settings": [
                each.to_json() | {"option": each.option} for each in spec.settings.described()
            ],
        }
        for spec in engine_specs().values()
    ]
