"""Run the benchmarks, one JSON line per result. Those whose shared data is missing are left out with a message.

Run as ``make bench``.
"""

from __future__ import annotations

import sys

from benchmarks import (
    encode,
    flow,
    latency,
    measurement,
    portraits,
    readback,
    realism,
    recognition_generated,
    recognition_speed,
    speed,
    studio,
    studio_browser,
    transfer,
    transfer_speed,
)
from benchmarks.recognition_flows import FLOWS
from benchmarks.report import PORTRAITS
from benchmarks.transfer_clips import CLIPS


def main() -> None:
    """Run the benchmarks one after the other."""
    speed.main()
    transfer_speed.main()
    latency.main()
    encode.main()
    studio.main()
    studio_browser.main()
    if PORTRAITS.is_dir():
        readback.main()
        portraits.main()
        flow.main()
        if CLIPS.is_dir():
            transfer.main()
            measurement.main()
    else:
        print(f"no portraits at {PORTRAITS}: readback and portraits not run", file=sys.stderr)
    realism.main()  # times flow maps in any case
    if FLOWS.is_file():
        recognition_speed.main()
        recognition_generated.main()
    else:
        print(f"no flow maps at {FLOWS}: recognition not run", file=sys.stderr)


if __name__ == "__main__":
    main()
