"""The time at which the program started, from which the time to the first frame counts."""

from __future__ import annotations

import time

STARTED_SECONDS = time.perf_counter()
