"""Make pairs of pictures with the exact dense motion between them, to train optical flow on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

if TYPE_CHECKING:
    import os

    from mien.flow_pairs.options import FlowPairsKeywords
    from mien.flow_pairs.pairs import MadePairs
    from mien.flows.maps import OnClip


def flow_pairs(
    portraits: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    on_pair: OnClip | None = None,
    **options: Unpack[FlowPairsKeywords],
) -> MadePairs:
    """Make onset and apex pictures of portraits that the rig moves, with the exact flow and the occlusions.

    Args:
        portraits: A folder with one picture of each person, or a text file that lists such pictures.
        out: The folder: new, empty, or an earlier set of pairs, which is replaced.
        on_pair: Called after each pair with the number of pairs made and the number of all.
        **options: The fields of `mien.flow_pairs.options.FlowPairsOptions`; ``count`` must be given.

    Raises:
        MienError: Anything that is wrong with the options, the portraits or the folder.

    Example:
        >>> flow_pairs("portraits", "pairs", count=2000)  # doctest: +SKIP
    """
    from mien.common.option_names import from_keywords
    from mien.flow_pairs.options import FlowPairsOptions
    from mien.flow_pairs.pairs import make_flow_pairs

    return make_flow_pairs(
        portraits, out, from_keywords(FlowPairsOptions, "mien.flow_pairs", options), on_pair
    )
