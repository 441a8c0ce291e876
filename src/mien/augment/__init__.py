"""Make a labelled data set of clips from portraits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

if TYPE_CHECKING:
    import os

    from mien.augment.dataset import MadeDataset
    from mien.augment.keywords import AugmentKeywords
    from mien.flows.maps import OnClip


def augment(
    portraits: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    on_clip: OnClip | None = None,
    on_flow: OnClip | None = None,
    **options: Unpack[AugmentKeywords],
) -> MadeDataset:
    """Make a data set of labelled micro-expressions.

    Call it again with the same arguments to continue a run that was stopped.

    Args:
        portraits: A folder with one picture of each person, or a text file that lists such pictures.
        out: The data set's folder: new, empty, or from an earlier run with the same options.
        on_clip: Called after each clip with the number of clips made or kept so far, and the total.
        on_flow: Called after each clip whose flow was measured, with the number so far, and the total.
        **options: The fields of `mien.augment.options.AugmentOptions`; ``count`` must be given.

    Raises:
        MienError: Anything that is wrong with the options, the portraits or the folder.

    Example:
        >>> augment("portraits", "set", count=300, seed=1)  # doctest: +SKIP
    """
    from mien.augment.dataset import make_dataset
    from mien.augment.options import AugmentOptions
    from mien.common.option_names import from_keywords

    return make_dataset(
        portraits, out, from_keywords(AugmentOptions, "mien.augment", options), on_clip, on_flow
    )
