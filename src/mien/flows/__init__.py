"""Measure the flow maps of a data set's clips."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Unpack

if TYPE_CHECKING:
    from mien.flows.maps import MeasuredFlows
    from mien.flows.options import FlowsKeywords


def flows(
    name: str, root: str | os.PathLike[str], **options: Unpack[FlowsKeywords]
) -> MeasuredFlows:
    """Measure the flow map of every labelled clip of a data set.

    Args:
        name: A data set's name, such as ``casme2``, or ``megc2019`` for the composite.
        root: The folder of the user's copy.
        **options: The fields of `mien.flows.options.FlowsOptions`.

    Raises:
        UsageError: An option out of its range; raised before the copy is read.
        MienError: See `mien.flows.maps.measure_flows`.

    Example:
        >>> flows("casme2", "CASME2", skip_bad=True).flows.counts  # doctest: +SKIP
    """
    from mien.common.option_names import from_keywords
    from mien.flows.maps import measure_flows
    from mien.flows.options import FlowsOptions

    return measure_flows(name, root, from_keywords(FlowsOptions, "mien.flows", options))
