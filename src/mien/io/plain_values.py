"""Convert NumPy's scalars to plain Python values, which JSON can hold.

Imports nothing heavy, so that ``mien --help`` is quick.
"""

from __future__ import annotations

import sys
from typing import Any


def plain_value(value: Any) -> Any:
    """Return a NumPy scalar as a plain Python value, and any other value unchanged.

    Args:
        value: Any value. NumPy's bool, str, integers and floating-point numbers become bool, str, int and float.

    Example:
        >>> import numpy as np
        >>> plain_value(np.float32(2.0)), plain_value(np.int64(4)), plain_value(np.bool_(True))
        (2.0, 4, True)
    """
    numpy = sys.modules.get("numpy")
    if numpy is None or not isinstance(value, numpy.generic):  # without NumPy no value is NumPy's
        return value
    # item() does not convert a longdouble.
    return float(value) if isinstance(value, numpy.floating) else value.item()
