"""The option ``--overwrite`` of all commands with an output file; `mien.cli.main` applies it."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import tyro

Overwrite: TypeAlias = Annotated[
    tyro.conf.FlagCreatePairsOff[bool],
    tyro.conf.arg(
        help="Also replace files that Mien did not write; files that Mien wrote are always replaced."
    ),
]
