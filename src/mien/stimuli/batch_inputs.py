"""The files that a batch reads, which its outputs must not replace."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from mien.errors import OutputError
from mien.stimuli.batch_table import BatchRow


class BatchInputs:
    """The table of a batch and the files that its rows name.

    Args:
        table: The table.
        rows: Its rows.
    """

    def __init__(self, table: Path, rows: Sequence[BatchRow]) -> None:
        self._names: dict[str, str] = {}
        for path in (table, *(path for row in rows for path in row.inputs)):
            with suppress(ValueError):  # no file can have this name, so none can be replaced
                # Both the file and a link that leads to it must stay.
                for place in (os.path.abspath(path), os.path.realpath(path)):  # noqa: PTH100
                    for each in (place, *map(os.fspath, Path(place).parents)):
                        self._names.setdefault(each, path.name)

    def check(self, *outputs: Path) -> None:
        """Refuse outputs that would replace an input, or a folder with an input in it.

        Raises:
            OutputError: The message names the input.
        """
        for output in outputs:
            name = self._names.get(os.path.realpath(output))
            if name is not None:
                raise OutputError(
                    f"expected an output that replaces no input, got {output}, which would replace the input "
                    f"{name}: choose another folder for the clips"
                )
