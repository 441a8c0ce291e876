"""The option ``--overwrite``, which all commands with an output file share; `mien.cli.main` obeys it."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import tyro

Overwrite: TypeAlias = Annotated[
    tyro.conf.FlagCreatePairsOff[bool],
    tyro.conf.arg(
        help="Also replace a file that Mien did not write; its own files are replaced in any case."
    ),
]
