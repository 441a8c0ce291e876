"""All readers that malformed inputs are tried on."""

from __future__ import annotations

from tests.faults.inputs import (
    arrays,
    commands,
    films,
    pictures,
    records,
    studio,
    tables,
    timelines,
    weights,
)

READERS = {
    reader.name: reader
    for reader in (
        *pictures.READERS,
        *films.READERS,
        *tables.READERS,
        *timelines.READERS,
        *records.READERS,
        *arrays.READERS,
        *weights.READERS,
        *studio.READERS,
        *commands.READERS,
    )
}
"""The readers by name."""
