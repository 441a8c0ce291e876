"""The methods of optical flow that users can choose. Imports nothing heavy, so that ``mien --help`` is quick."""

from __future__ import annotations

from typing import Literal, TypeAlias

FlowMethod: TypeAlias = Literal["tvl1", "dis"]
"""``tvl1``: total variation and L1 norm (Zach et al. 2007), the usual method in this field. ``dis``: dense inverse
search (Kroeger et al. 2016), which is much faster."""
