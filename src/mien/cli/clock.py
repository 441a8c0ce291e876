"""When the program began: the start of the time to the first frame."""

from __future__ import annotations

import time

STARTED_SECONDS = time.perf_counter()
