"""All formats of AU timelines, by name."""

from __future__ import annotations

from collections.abc import Mapping

from mien.io.timelines import (
    boris_aggregated,
    boris_tabular,
    elan,
    facereader,
    fex,
    imotions,
    libreface,
    mien_events,
    mien_track,
    openface2,
    openface3,
)
from mien.io.timelines.format import Format

FORMATS: Mapping[str, Format] = {
    module.FORMAT.name: module.FORMAT
    for module in (
        mien_track,
        mien_events,
        elan,
        boris_aggregated,
        boris_tabular,
        openface2,
        openface3,
        fex,
        libreface,
        facereader,
        imotions,
    )
}
"""The formats by name. A file has the first format, in this order, that recognises it."""
